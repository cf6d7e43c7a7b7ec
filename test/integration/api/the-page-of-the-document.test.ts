import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startApi } from '../../support/api-server.ts';
import { assertDocumented } from '../../support/documented.ts';
import { exchange } from '../../support/raw-http.ts';

const TYPES: Readonly<Record<string, string>> = { css: 'text/css', js: 'text/javascript', png: 'image/png' };

describe('GET /docs', () => {
  test('is a page whose every asset comes from us, and whose policy lets nothing else in', async (context) => {
    const api = await startApi(context);
    const page = await fetch(`${api.url}/docs`);
    const html = await page.text();
    assertDocumented('GET', '/docs', { status: page.status, headers: page.headers, body: html });
    const assets = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address ?? '');
    assert.ok(assets.length >= 5);
    for (const address of assets) {
      assert.match(address, /^\/docs\/[\w.-]+$/);
      const asset = await fetch(api.url + address);
      const body = Buffer.from(await asset.arrayBuffer());
      assert.equal(asset.status, 200);
      assert.equal(asset.headers.get('content-type')?.split(';')[0], TYPES[address.split('.').at(-1) ?? '']);
      assert.equal(asset.headers.get('content-length'), String(body.length));
      assert.ok(body.length > 0);
      assertDocumented('GET', address, { status: 200, headers: asset.headers, body: '' });
    }
  });

  test('has no script and no style of its own, so that its policy can be strict', async (context) => {
    const api = await startApi(context);
    const page = await fetch(`${api.url}/docs`);
    const policy = page.headers.get('content-security-policy') ?? '';
    assert.match(policy, /default-src 'none'; script-src 'self'; style-src 'self'/);
    assert.doesNotMatch(policy, /unsafe|http|\*/);
    assert.doesNotMatch(await page.text(), /<style|style=|<script>|\son\w+=/);
  });

  test('is not sent again to who has it', async (context) => {
    const api = await startApi(context);
    for (const path of ['/docs', '/docs/swagger-ui-bundle.js']) {
      const { headers } = await fetch(api.url + path, { method: 'HEAD' });
      // Over the line as it is: fetch adds headers by which it asks for the whole.
      const request = `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n`;
      const since = `If-Modified-Since: ${headers.get('last-modified')}\r\n\r\n`;
      const again = await exchange(api.url, request + since);
      assert.deepEqual([again.status, again.body], [304, ''], path);
      assertDocumented('GET', path, again);
    }
  });

  test('gives away no other file', async (context) => {
    const api = await startApi(context);
    for (const path of ['package.json', '..%2fpage.html', '%2e%2e%2frouter.ts', 'router.ts', 'constructor', '%00']) {
      const { status, error } = await api.call('GET', `/docs/${path}`);
      assert.deepEqual([path, status, error], [path, 404, 'DoesNotExist']);
    }
  });
});
