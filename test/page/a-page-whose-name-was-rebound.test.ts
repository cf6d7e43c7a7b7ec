import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import { closeBrowser, openPage, REBOUND_NAME } from '../support/browser.ts';
import { required } from '../support/environment.ts';
import { aName, call, shellJob } from '../support/job-client.ts';

after(closeBrowser);

/** What a script of the page that is open is answered. */
async function ask(page: Page, method: string, path: string, body?: unknown) {
  return await page.evaluate(
    async ([method, path, body]) => {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(path, { method, ...(body !== undefined && { body, headers }) });
      return { status: response.status, text: await response.text() };
    },
    [method, path, JSON.stringify(body) as string | undefined] as const,
  );
}

/** A page of somebody else, without any policy, whose name means the API from now on: it is of the same origin as the API. */
async function openReboundPage(context: TestContext): Promise<Page> {
  const url = new URL('/of-another', required('API_URL'));
  url.hostname = REBOUND_NAME;
  const page = await openPage(context, { url: 'about:blank', expectsTrouble: true });
  await page.route(url.href, (route) => route.fulfill({ contentType: 'text/html', body: 'a page' }));
  await page.goto(url.href);
  return page;
}

test('a page that has made its name mean this machine cannot see, run or kill a job', async (context) => {
  const page = await openReboundPage(context);
  const name = aName('rebound');
  const job = { name, job_parameters: shellJob('true') };
  for (const answer of [
    await ask(page, 'GET', '/batch/?status=all'),
    await ask(page, 'POST', '/batch/', job),
    await ask(page, 'DELETE', `/batch/${name}`),
  ])
    assert.match(JSON.stringify(answer), /"status":403.*Forbidden/);
  assert.equal((await call('GET', `/batch/${name}`)).status, 404);
});
