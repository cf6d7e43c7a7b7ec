import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { isApiError } from '../../../api/errors.ts';
import { parseJobAndInput } from '../../../api/schemas/job.ts';
import { createZipGate } from '../../../api/zip.ts';
import { aZip } from '../../support/input-zips.ts';

const WHOLE = await aZip({ 'a.txt': 'a', 'ü/b.txt': 'b' });

const RULES = { inputBuckets: [], isPart: false };

const ZIPS = [WHOLE, await aZip({}), await aZip({ a: 'a' }, 'x'.repeat(60_000))];
const NO_ZIPS: Buffer[] = [Buffer.alloc(0), Buffer.from('PK'), Buffer.from('hello, world, this is no zip file')];

describe('the zip gate', () => {
  test('passes what begins like a zip, unchanged, and nothing else, however it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...ZIPS, ...NO_ZIPS),
        fc.integer({ min: 1, max: 1000 }),
        async (zip, chunkBytes) => {
          const passed = await throughGate(zip, chunkBytes);
          assert.deepEqual(passed, NO_ZIPS.includes(zip) ? 'Is not a zip file' : zip);
        },
      ),
      { seed: 20_260_104, numRuns: 60 },
    );
  });

  test('refuses what is no zip before it has read it', async () => {
    let readBytes = 0;
    const endless = Readable.from(
      (function* () {
        for (;;) {
          readBytes += 1024;
          yield Buffer.alloc(1024, 'x');
        }
      })(),
    );
    await assert.rejects(buffer(endless.pipe(createZipGate((fault) => new Error(fault)))), /not a zip/);
    assert.ok(readBytes < 1_000_000);
  });
});

describe('input_zip', () => {
  test('may be broken into lines, as encoders do', async () => {
    const input_zip = `${String(
      WHOLE.toString('base64')
        .match(/.{1,76}/g)
        ?.join('\r\n'),
    )}\n`;
    const { inputZip } = await parseJobAndInput({ job_parameters: { docker_image: 'a', input_zip } }, RULES);
    assert.deepEqual(inputZip, WHOLE);
  });

  for (const input_zip of ['a', 'a===', 'ab=c', 'abc%', 'aGVsbG8=']) {
    test(`is refused as ${input_zip.slice(0, 12)}`, async () => {
      await assert.rejects(parseJobAndInput({ job_parameters: { docker_image: 'a', input_zip } }, RULES), isApiError);
    });
  }

  test('is looked into, and its fault told together with all others', async () => {
    const input_zip = WHOLE.subarray(0, -3).toString('base64');
    for (const docker_image of ['a', 'UPPER']) {
      const error = await parseJobAndInput({ job_parameters: { docker_image, input_zip } }, RULES).catch(
        (reason: unknown) => reason,
      );
      assert.ok(isApiError(error));
      const faults = (error.data as Record<string, Record<string, string>>)['job_parameters'];
      assert.match(faults?.['input_zip'] ?? '', /not a whole zip/);
      assert.equal(faults?.['docker_image'] !== undefined, docker_image === 'UPPER');
    }
  });
});

async function throughGate(zip: Buffer, chunkBytes: number): Promise<Buffer | string> {
  const chunks = [];
  for (let at = 0; at < zip.length; at += chunkBytes) chunks.push(zip.subarray(at, at + chunkBytes));
  try {
    return await buffer(Readable.from(chunks).pipe(createZipGate((fault) => new Error(fault))));
  } catch (error) {
    return (error as Error).message;
  }
}
