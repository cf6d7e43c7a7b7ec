import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { describe, test } from 'node:test';
import { inputObjectOf, spoolObjectOf } from '../../../bucket/objects.ts';
import type { Bucket } from '../../../bucket/bucket.ts';
import { startApi } from '../../support/api-server.ts';
import { required } from '../../support/environment.ts';
import { createTestBucket } from '../../support/gcs.ts';
import type { TestApi } from '../../support/api-server.ts';
import { aJob, aSucceededJob } from '../../support/job-builder.ts';
import { zipOf } from '../../support/zip-entries.ts';

const ENTRIES = {
  'a.txt': { content: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' },
  'in/': {},
  'in/b.txt': { content: 'b' },
};

interface Told {
  readonly url: string;
  readonly files: readonly { name: string; bytes: number; compressed_bytes: number; modified: number }[];
  readonly total: number;
}

async function withOutput(api: TestApi): Promise<string> {
  const name = `test-${randomUUID().slice(0, 13)}`;
  const stored = await api.bucket.write(`${name}-output.zip`, Readable.from([await zipOf(ENTRIES)]));
  await api.store.record(aSucceededJob({ name, output: { ...stored, files: 3, complete: true } }));
  return name;
}

describe('the files of a zip', () => {
  test('are told with their sizes, in the order of the zip', async (context) => {
    const api = await startApi(context);
    const { data } = await api.call('GET', `/batch/${await withOutput(api)}/output/files`);
    const { files, total } = data as Told;
    assert.deepEqual(
      files.map(({ name, bytes }) => [name, bytes]),
      [
        ['a.txt', 36],
        ['in/', 0],
        ['in/b.txt', 1],
      ],
    );
    assert.equal(total, 3);
    assert.ok((files[0]?.compressed_bytes ?? 99) < 36);
    assert.ok(Math.abs((files[0]?.modified ?? 0) - Date.now()) < 60_000);
  });

  test('are told up to a limit, with how many there are', async (context) => {
    const api = await startApi(context);
    const { data } = await api.call('GET', `/batch/${await withOutput(api)}/output/files?limit=1`);
    const { files, total } = data as Told;
    assert.deepEqual([files.length, total], [1, 3]);
  });

  test('are those of an input, too, before and after its job has taken it', async (context) => {
    const api = await startApi(context);
    const job = aJob({ hasInput: true });
    await api.store.record(job);
    const zip = await zipOf({ 'in.txt': { content: 'in' } });
    for (const object of [spoolObjectOf(job.id), inputObjectOf(job.name)]) {
      await api.bucket.write(object, Readable.from([zip]));
      const { data } = await api.call('GET', `/batch/${job.id}/input/files`);
      assert.deepEqual(
        (data as Told).files.map(({ name }) => name),
        ['in.txt'],
      );
      const { url } = data as Told;
      for (const address of [`${api.url}/batch/${job.id}/input`, url])
        assert.ok(zip.equals(Buffer.from(await (await fetch(address)).arrayBuffer())));
      const asked = new URL(url).searchParams.get('response-content-disposition');
      assert.match(asked ?? '', new RegExp(`^attachment; filename="${inputObjectOf(job.name)}"`));
      await api.bucket.remove(object);
    }
  });

  test('are told though its job takes the input just then', async (context) => {
    const { bucket } = await createTestBucket({ credentialsFilePath: required('GC_CREDENTIALS_FILE_PATH') });
    const job = aJob({ hasInput: true });
    const [spooled, taken] = [spoolObjectOf(job.id), inputObjectOf(job.name)];
    const stored = await bucket.write(spooled, Readable.from([await zipOf({ 'in.txt': { content: 'in' } })]));
    const readRange: Bucket['readRange'] = async (object, offset, lengthBytes) => {
      if (object === spooled) await bucket.promote(stored, taken);
      return await bucket.readRange(object, offset, lengthBytes);
    };
    const api = await startApi(context, { bucket: { ...bucket, readRange } });
    await api.store.record(job);
    const { status, data } = await api.call('GET', `/batch/${job.id}/input/files`);
    assert.deepEqual([status, (data as Told).total], [200, 1]);
  });

  test('of a zip that the bucket has no more are a 404', async (context) => {
    const api = await startApi(context);
    const name = await withOutput(api);
    await api.bucket.remove(`${name}-output.zip`);
    const { status, msg } = await api.call('GET', `/batch/${name}/output/files`);
    assert.equal(status, 404);
    assert.match(msg, /is not in the bucket any more/);
  });

  test('of a zip that is not there are a 404 with a sentence', async (context) => {
    const api = await startApi(context);
    const job = aJob({ hasInput: false });
    await api.store.record(job);
    for (const path of ['output/files', 'input/files', 'input']) {
      const { status, msg } = await api.call('GET', `/batch/${job.id}/${path}`);
      assert.equal(status, 404);
      assert.match(msg, /has no (input|output)\. Status is: created\./);
    }
  });
});
