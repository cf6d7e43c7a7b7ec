import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { after, test } from 'node:test';
import { closeBrowser, openPage } from '../support/browser.ts';
import { createHttpGate } from '../support/http-gate.ts';
import { required } from '../support/environment.ts';
import { aName, shellJob, submit, untilEnded } from '../support/job-client.ts';

after(closeBrowser);

test('a job that is sent elsewhere appears, and its row changes, without a reload', async (context) => {
  const page = await openPage(context);
  await page.getByRole('heading', { name: 'Jobs' }).waitFor();
  const name = aName('page-list');
  await submit(name, shellJob('true'));
  const row = page.getByRole('row', { name: new RegExp(name) });
  await row.waitFor();
  await row.getByText('succeeded').waitFor();
});

test('filters are in the address, so that a list can be sent to somebody', async (context) => {
  const name = aName('page-filter');
  await submit(name, shellJob('true'));
  await untilEnded(name);
  const page = await openPage(context);
  await page.getByLabel('Name begins with').fill(name);
  await page.getByLabel('Name begins with').press('Enter');
  await page.getByLabel('Status').selectOption('succeeded');
  await page.getByRole('link', { name }).waitFor();
  await page.locator('tbody tr').nth(1).waitFor({ state: 'detached' });
  assert.match(page.url(), new RegExp(`status=succeeded.*name=${name}|name=${name}.*status=succeeded`));

  const other = await openPage(context, { url: page.url() });
  await other.getByRole('link', { name }).waitFor();
  assert.equal(await other.getByLabel('Name begins with').inputValue(), name);
});

test('what somebody types into a filter stays while the list is drawn anew', async (context) => {
  const page = await openPage(context);
  const field = page.getByLabel('Name begins with');
  // The list is drawn anew each second.
  await field.pressSequentially('slowly', { delay: 500 });
  assert.equal(await field.inputValue(), 'slowly');
  await field.press('Enter');
  await page.waitForURL(/name=slowly/);
});

test('two filters that are changed at one time hold both', async (context) => {
  const page = await openPage(context);
  await page.getByLabel('Status').waitFor();
  const hash = await page.evaluate<string>(`
    for (const [selector, value] of [['input[type=search]', 'words'], ['select', 'failed']]) {
      const field = document.querySelector(selector);
      field.value = value;
      field.dispatchEvent(new Event('change', { bubbles: true }));
    }
    location.hash;
  `);
  assert.equal(hash, '#/?status=failed&name=words');
});

test('it is said that the API is gone, and not any more when it is back', async (context) => {
  const gate = await createHttpGate({ target: required('API_URL') });
  context.after(() => gate.close());
  const page = await openPage(context, { url: `http://127.0.0.1:${gate.port}/`, expectsTrouble: true });
  await page.getByRole('table').first().waitFor();
  gate.answerBy((incoming, outgoing) => {
    incoming.resume();
    outgoing.writeHead(503, { 'retry-after': '1' }).end();
    return true;
  });
  gate.endAnswers(() => true);
  await page.getByRole('alert').getByText('The service does not answer').waitFor();
  gate.answerBy();
  await page.getByRole('alert').waitFor({ state: 'detached' });
});

test('a page that is opened while the API is away shows the jobs once it is back', async (context) => {
  const gate = await createHttpGate({ target: required('API_URL') });
  context.after(() => gate.close());
  const isRefused = (incoming: IncomingMessage) => incoming.url === '/page.json';
  gate.answerBy((incoming, outgoing) => isRefused(incoming) && Boolean(outgoing.writeHead(503).end()));
  const page = await openPage(context, { url: `http://127.0.0.1:${gate.port}/`, expectsTrouble: true });
  await page.getByRole('alert').getByText('The service does not answer').waitFor();
  gate.answerBy();
  await page.getByRole('table').first().waitFor();
});
