import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { aJob } from '../../support/job-builder.ts';
import { openStore } from '../../support/open-store.ts';

for (const count of [0, 31, 32]) {
  test(`of ${count} jobs all are found by their ids, whichever else is asked for`, async (context) => {
    const store = await openStore(context);
    const ids = Array.from({ length: count }, () => randomUUID());
    for (const id of ids) await store.record(aJob({ id, name: `job-${id}` }));
    await store.record(aJob({ id: randomUUID(), name: 'not-asked-for' }));
    const found = await store.findMany([...ids, randomUUID()]);
    assert.deepEqual(found.map(({ id }) => id).sort(), ids.toSorted());
  });
}
