import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import { closeBrowser, openPage } from '../support/browser.ts';
import { required } from '../support/environment.ts';
import { aName, call, shellJob, submit } from '../support/job-client.ts';

after(closeBrowser);

/** The page of a job that writes five lines a second after its first hundred, until the test ends. */
async function openLog(context: TestContext): Promise<Page> {
  const name = aName('page-log');
  const script = 'i=0; while true; do i=$((i+1)); echo "line $i"; [ $i -lt 100 ] || sleep 0.2; done';
  const { body } = await submit(name, { ...shellJob(script), grace_seconds: 1 });
  const { id } = body.data;
  context.after(() => call('DELETE', `/batch/${id}`));
  const page = await openPage(context, { url: `${required('API_URL')}/#/jobs/${id}` });
  await page.getByRole('log').getByText('line 100').waitFor();
  return page;
}

/** Resolves when the log has got more lines. */
async function untilMore(page: Page): Promise<void> {
  const lines = (await page.getByRole('log').innerText()).match(/line \d+$/gm)?.length ?? 0;
  await page
    .getByRole('log')
    .getByText(`line ${lines + 5}\n`)
    .waitFor();
}

/** Where the log is shown: how far from its beginning and above its end, in pixels. */
async function placeOf(page: Page): Promise<{ top: number; aboveEnd: number }> {
  return await page.evaluate<{ top: number; aboveEnd: number }>(`
    const { scrollTop, scrollHeight, clientHeight } = document.querySelector('[role=log]');
    ({ top: scrollTop, aboveEnd: scrollHeight - scrollTop - clientHeight });
  `);
}

test('the end of a log stays in sight, until somebody reads further up', async (context) => {
  const page = await openLog(context);
  await untilMore(page);
  assert.ok((await placeOf(page)).aboveEnd < 2);

  await page.getByRole('log').hover();
  await page.mouse.wheel(0, -400);
  await page.getByRole('switch', { name: 'Follow', checked: false }).waitFor();
  // The browser takes some time to scroll.
  await untilMore(page);
  const { top, aboveEnd } = await placeOf(page);
  assert.ok(aboveEnd > 300);
  await untilMore(page);
  assert.equal((await placeOf(page)).top, top);

  await page.getByRole('log').press('End');
  await page.getByRole('switch', { name: 'Follow', checked: true }).waitFor();
  await untilMore(page);
  assert.ok((await placeOf(page)).aboveEnd < 2);
});

test('who goes to the end by its key follows the log again, however much has come before the page is there', async (context) => {
  const page = await openLog(context);
  await page.getByRole('log').press('Home');
  await page.getByRole('switch', { name: 'Follow', checked: false }).waitFor();
  await page.evaluate(`addEventListener('keydown', () => {
    const endMs = performance.now() + 3_000;
    while (performance.now() < endMs);
  }, { capture: true })`);
  await page.getByRole('log').press('End');
  await page.getByRole('switch', { name: 'Follow', checked: true }).waitFor({ timeout: 10_000 });
  await untilMore(page);
  assert.ok((await placeOf(page)).aboveEnd < 2);
});

test('a search shows the lines that have what is looked for, and how many they are', async (context) => {
  const page = await openLog(context);
  await page.getByLabel('Lines with').fill('LINE 7');
  await page.getByText(/^11 of \d+ lines$/).waitFor();
  const shown = (await page.getByRole('log').innerText()).trim().split('\n');
  assert.deepEqual(shown.slice(0, 2), ['line 7', 'line 70']);
});
