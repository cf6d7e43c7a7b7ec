import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isApiRefusal } from '../../client/errors.ts';
import { runJobOf, startHostileService } from '../support/hostile-service.ts';
import type { Tenant } from '../support/hostile-service.ts';
import { HOSTILE_ZIPS } from '../support/hostile-zips.ts';
import { testBucket } from '../support/world.ts';
import { zipOf } from '../support/zip-entries.ts';

/** Where a zip may end: before it is a job, or where it is unpacked, also for saying that it has more bytes than the disk. */
const REFUSED = ['400', 'InputInvalid', 'DiskFull'];

/** @returns how it went: refused before it was a job, or the reason of the failed job */
async function attack(tenant: Tenant, zip: Buffer): Promise<string> {
  try {
    const { status, failure } = await runJobOf(tenant, 'find /input', zip);
    return failure?.reason ?? status;
  } catch (error) {
    if (isApiRefusal(error)) return `${error.status}`;
    throw error;
  }
}

test('no zip of the corpus becomes a job that runs, and the service stays as it is', async (context) => {
  const { alice, mallory } = await startHostileService(context);
  const ends = await Promise.all(
    Object.entries(HOSTILE_ZIPS).map(async ([what, { zip }]) => [what, await attack(mallory, zip)] as const),
  );
  assert.deepEqual(
    ends.filter(([, end]) => !REFUSED.includes(end)),
    [],
  );
  const { status } = await runJobOf(alice, 'cp /input/a /output', await zipOf({ a: { content: 'a' } }));
  assert.equal(status, 'succeeded');
  assert.deepEqual(await testBucket().list('spool/'), []);
});
