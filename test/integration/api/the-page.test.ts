import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { startApi } from '../../support/api-server.ts';
import { createTestFolder } from '../../support/trees.ts';

/** A folder as a build makes it. */
function builtPage(context: TestContext): string {
  const folder = createTestFolder();
  context.after(() => folder[Symbol.dispose]());
  mkdirSync(join(folder.path, 'page', 'assets'), { recursive: true });
  writeFileSync(join(folder.path, 'page', 'index.html'), '<title>Batch jobs</title>');
  writeFileSync(join(folder.path, 'page', 'assets', 'index-a1.js'), 'export {};');
  writeFileSync(join(folder.path, 'secret'), 'secret');
  return join(folder.path, 'page');
}

test('the page is given with a strict policy, and its files may be kept for good', async (context) => {
  const { url } = await startApi(context, { page: { folder: builtPage(context), auth: [] } });
  const page = await fetch(url);
  assert.deepEqual([page.status, await page.text()], [200, '<title>Batch jobs</title>']);
  assert.equal(page.headers.get('cache-control'), 'no-cache');
  assert.match(String(page.headers.get('content-security-policy')), /^default-src 'none'; script-src 'self';/);
  const script = await fetch(`${url}/assets/index-a1.js`);
  assert.match(String(script.headers.get('content-type')), /javascript/);
  assert.match(String(script.headers.get('cache-control')), /immutable/);
});

test('no file beside the page is given away', async (context) => {
  const { url } = await startApi(context, { page: { folder: builtPage(context), auth: [] } });
  for (const path of ['assets/..%2f..%2fsecret', 'assets/%2e%2e%2findex.html', 'assets/none.js', 'secret']) {
    const answer = await fetch(`${url}/${path}`);
    assert.ok([400, 403, 404].includes(answer.status), `${path}: ${answer.status}`);
    assert.doesNotMatch(await answer.text(), /secret$/);
  }
});

test('the page is told how people sign in, and may ask their provider, even while that one does not answer', async (context) => {
  const oidc = { issuer: 'http://127.0.0.1:9/realm', client_id: 'page', audience: 'jobs', scope: 'openid' };
  const workflow_url = 'http://ui.example/namespaces/default/workflows/{id}';
  const { url } = await startApi(context, {
    page: { folder: builtPage(context), auth: ['keys', 'oidc'], oidc, workflow_url },
  });
  assert.deepEqual(await (await fetch(`${url}/page.json`)).json(), { auth: ['keys', 'oidc'], oidc, workflow_url });
  const policy = String((await fetch(url)).headers.get('content-security-policy'));
  assert.match(policy, /connect-src 'self' http:\/\/127\.0\.0\.1:9;/);
});

test('an API without a page says that there is nothing', async (context) => {
  const api = await startApi(context);
  assert.equal((await api.call('GET', '/')).status, 404);
});
