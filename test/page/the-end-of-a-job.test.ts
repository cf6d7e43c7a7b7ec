import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { closeBrowser, openPage } from '../support/browser.ts';
import { required } from '../support/environment.ts';
import { aName, shellJob, submit, until, untilEnded } from '../support/job-client.ts';
import { zipOf } from '../support/zip-entries.ts';

after(closeBrowser);

test('a job is killed, once somebody has said twice that he means it', async (context) => {
  const name = aName('page-kill');
  const { body } = await submit(name, shellJob('echo begun; sleep 600', { grace_seconds: 1 }));
  await until(body.data.id, ({ phase }) => phase === 'running');
  const page = await openPage(context);
  await page.getByRole('link', { name }).click();
  await page.getByRole('log').getByText('begun').waitFor();

  await page.getByRole('button', { name: 'Kill' }).click();
  await page.getByRole('button', { name: 'Let it run' }).click();
  await page.getByRole('button', { name: 'Kill' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Kill it' }).click();

  await page.locator('.job-title .status', { hasText: 'killed' }).waitFor();
  assert.equal((await untilEnded(name)).status, 'killed');
});

test('a failure is explained in words, with what may help', async (context) => {
  const name = aName('page-fail');
  await submit(name, {
    docker_image: 'localhost:1/none:none',
    image_pull_policy: 'IfNotPresent',
    start_timeout_seconds: 20,
  });
  const { failure } = await untilEnded(name);
  const page = await openPage(context);
  await page.getByRole('link', { name }).click();
  const told = page.getByRole('region', { name: 'Failure' });
  for (const text of [failure?.reason, failure?.hint]) await told.getByText(String(text)).first().waitFor();
});

test('a job is run again with changes, on the same input', async (context) => {
  const name = aName('page-again');
  const input = await zipOf({ word: { content: 'mended' } });
  await submit(name, shellJob('exit 3', { labels: { team: 'a' } }), input);
  await untilEnded(name);
  const page = await openPage(context);
  await page.getByRole('link', { name }).click();
  await page.getByRole('button', { name: 'Run again' }).click();
  assert.equal(await page.getByLabel('Image').inputValue(), required('IMAGE_BUSYBOX'));
  await page.getByText(`1 file of ${name}`).waitFor();
  await page.getByLabel('Command').fill("sh -c 'cat /input/word'");
  await page.getByLabel('Name', { exact: true }).fill(`${name}-2`);
  await page.getByRole('button', { name: 'Send the job' }).click();
  await page.getByRole('log').getByText('mended').waitFor();
  const { status, labels } = await untilEnded(`${name}-2`);
  assert.deepEqual([status, labels], ['succeeded', { team: 'a' }]);
});

test('what the service refuses is told at its field, and nothing that was filled in is lost', async (context) => {
  const page = await openPage(context, { expectsTrouble: true });
  await page.getByRole('button', { name: 'New job' }).click();
  await page.getByLabel('Image').fill(required('IMAGE_BUSYBOX'));
  await page.getByLabel('Name', { exact: true }).fill('Not A Name');
  await page.getByRole('button', { name: 'Send the job' }).click();
  await page.getByRole('alert').waitFor();
  assert.equal(await page.getByLabel('Name', { exact: true }).getAttribute('aria-invalid'), 'true');
  assert.equal(await page.getByLabel('Image').inputValue(), required('IMAGE_BUSYBOX'));
});
