import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { closeBrowser, openPage, takePicture } from '../support/browser.ts';
import { required } from '../support/environment.ts';
import { aName, call } from '../support/job-client.ts';
import { createTestFolder } from '../support/trees.ts';
import { entriesOf, zipOf } from '../support/zip-entries.ts';

after(closeBrowser);

test('a job is sent with a file, watched, read and its output downloaded', async (context) => {
  const page = await openPage(context);
  using folder = createTestFolder();
  writeFileSync(join(folder.path, 'in.zip'), await zipOf({ 'words.txt': { content: 'one two three\n' } }));
  const name = aName('page');

  await page.getByRole('button', { name: 'New job' }).click();
  await page.getByLabel('Image').fill(required('IMAGE_BUSYBOX'));
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Command').fill("sh -c 'ln -s / /output/root; wc -w /input/words.txt | tee /output/count.txt'");
  await page.getByLabel('Files or a zip').setInputFiles(join(folder.path, 'in.zip'));
  await takePicture(page, 'new-job');
  await page.getByRole('button', { name: 'Send the job' }).click();

  await page.getByRole('heading', { name }).waitFor();
  await page.getByText('succeeded', { exact: true }).waitFor({ timeout: 120_000 });
  await page.getByRole('log').getByText('3 /input/words.txt').waitFor();
  await page.getByRole('rowheader', { name: 'count.txt' }).waitFor();
  await page.getByText('Left out: 1 (links').waitFor();
  await takePicture(page, 'job');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('article', { name: 'Output' }).getByRole('button', { name: 'Download' }).click(),
  ]);
  const path = join(folder.path, 'out.zip');
  await download.saveAs(path);
  const { body } = await call('GET', `/batch/${name}`);
  const bucket = await fetch(String(body.data.output_file_url)).then((answer) => answer.arrayBuffer());
  assert.ok(readFileSync(path).equals(Buffer.from(bucket)));
  assert.deepEqual(Object.keys(await entriesOf(readFileSync(path))), ['count.txt']);

  await page.getByRole('link', { name: 'Batch jobs' }).click();
  await page.getByRole('link', { name }).waitFor();
  await takePicture(page, 'jobs');
});
