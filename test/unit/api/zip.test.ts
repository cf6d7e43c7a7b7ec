import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parseJob } from '../../../api/schemas/job.ts';
import { createZipGate, zipFault } from '../../../api/zip.ts';
import { aZip, markedEncrypted } from '../../support/input-zips.ts';

const WHOLE = await aZip({ 'a.txt': 'a', 'ü/b.txt': 'b' });

const CASES: Record<string, { zip: Buffer; fault: RegExp | undefined }> = {
  'a whole zip': { zip: WHOLE, fault: undefined },
  'an empty zip': { zip: await aZip({}), fault: undefined },
  'a zip with a long comment': { zip: await aZip({ a: 'a' }, 'x'.repeat(60_000)), fault: undefined },
  'a zip larger than its tail': { zip: await aZip({ a: Buffer.alloc(300_000, 'PK\x05\x06') }), fault: undefined },
  nothing: { zip: Buffer.alloc(0), fault: /not a zip/ },
  'a text': { zip: Buffer.from('hello, world, this is no zip file'), fault: /not a zip/ },
  'a zip without its end': { zip: WHOLE.subarray(0, -1), fault: /end is missing/ },
  'the start of a zip': { zip: WHOLE.subarray(0, 6), fault: /end is missing/ },
  'an encrypted zip': { zip: markedEncrypted(WHOLE, true), fault: /encrypted/ },
  'a zip whose last entries are encrypted': { zip: markedEncrypted(WHOLE, false), fault: /encrypted/ },
};

for (const [what, { zip, fault }] of Object.entries(CASES)) {
  test(`${what} is ${fault === undefined ? 'accepted' : 'refused'}`, () => {
    const found = zipFault(zip);
    if (fault === undefined) assert.equal(found, undefined);
    else assert.match(String(found), fault);
  });
}

describe('the zip gate', () => {
  test('passes the same zips as a look at the whole, unchanged, however they are cut', async () => {
    const zips = Object.values(CASES).map(({ zip }) => zip);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...zips), fc.integer({ min: 1, max: 100_000 }), async (zip, chunkBytes) => {
        const passed = await throughGate(zip, chunkBytes);
        assert.deepEqual(passed, zipFault(zip) ?? zip);
      }),
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
  test('may be broken into lines, as encoders do', () => {
    const input_zip = `${String(
      WHOLE.toString('base64')
        .match(/.{1,76}/g)
        ?.join('\r\n'),
    )}\n`;
    assert.deepEqual(parseJob({ job_parameters: { docker_image: 'a', input_zip } }).inputZip, WHOLE);
  });

  for (const input_zip of ['a', 'a===', 'ab=c', 'abc%', 'aGVsbG8=', WHOLE.subarray(0, -3).toString('base64')]) {
    test(`is refused as ${input_zip.slice(0, 12)}`, () => {
      assert.throws(() => parseJob({ job_parameters: { docker_image: 'a', input_zip } }));
    });
  }
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
