import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { workflowPage } from '../../../deploy/local/demo.ts';
import { sampleJob, sampleTexts, sampleZip } from '../../../deploy/local/sample-job.ts';
import { entriesOf } from '../../support/zip-entries.ts';

const FOLDER = join(import.meta.dirname, '..', '..', '..', 'deploy', 'local', 'sample');

test('the zip of the sample holds its texts, and nothing else', async () => {
  const entries = await entriesOf(await sampleZip());
  assert.equal((await sampleTexts()).length, 3);
  assert.deepEqual(Object.keys(entries), await sampleTexts());
  for (const [name, { content }] of Object.entries(entries)) {
    assert.equal(content, await readFile(join(FOLDER, name), 'utf8'));
  }
});

test('the zip is the same each time, in every time zone', () => {
  const script = `
    import { createHash } from 'node:crypto';
    import { sampleZip } from '${FOLDER}-job.ts';
    console.log(createHash('sha256').update(await sampleZip()).digest('hex'));`;
  const args = ['--no-warnings', '--input-type=module-typescript', '--eval', script];
  const hash = (TZ: string) => execFileSync(process.execPath, args, { env: { TZ }, encoding: 'utf8' });
  assert.equal(hash('Asia/Tokyo'), hash('America/New_York'));
});

test('the sample job runs in the image that it is given', () => {
  const { docker_image, command } = sampleJob('busybox:1');
  assert.equal(docker_image, 'busybox:1');
  assert.deepEqual(command?.slice(0, 2), ['sh', '-c']);
});

test('the page of a workflow is found although its id has a slash', () => {
  const page = workflowPage('http://127.0.0.1:8233', 'default', 'batch-job/demo-1');
  assert.equal(page, 'http://127.0.0.1:8233/namespaces/default/workflows/batch-job%2Fdemo-1');
});
