import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Client } from '@temporalio/client';
import { createJobWorkflows } from '../../../api/workflows.ts';

/** Newest open workflows that one look-up reads, as Temporal lists them: a page. */
const PAGE = 1000;
const INTERVAL_MS = 20;

/** A Temporal whose list of open workflows has `count` of them, newest first; it counts lists and what is read of them. */
function temporalWith(count: number) {
  const seen = { lists: 0, read: 0, atOnce: 0 };
  let open = 0;
  async function* list() {
    seen.lists += 1;
    open += 1;
    seen.atOnce = Math.max(seen.atOnce, open);
    try {
      for (let i = 0; i < count; i++) {
        seen.read += 1;
        if (i % PAGE === 0) await Promise.resolve();
        yield { workflowId: `batch-job/name-${i}`, memo: { jobId: `id-${i}` } };
      }
    } finally {
      open -= 1;
    }
  }
  const fake = { withDeadline: (_deadlineMs: number, call: () => Promise<unknown>) => call(), workflow: { list } };
  return { seen, workflows: createJobWorkflows(fake as unknown as Client, { lookUpIntervalMs: INTERVAL_MS }) };
}

describe('an open job that the mirror does not know', () => {
  test('is found by its id among the newest', async () => {
    const { workflows } = temporalWith(3);
    assert.equal(await workflows.openNameOf('id-2'), 'name-2');
    assert.equal(await workflows.openNameOf('id-3'), undefined);
  });

  test('is looked for in one page of the list, however many are open', async () => {
    const { seen, workflows } = temporalWith(20 * PAGE);
    assert.equal(await workflows.openNameOf('unknown'), undefined);
    assert.ok(seen.read <= PAGE, `${seen.read} workflows were read`);
    assert.equal(await workflows.openNameOf(`id-${PAGE - 1}`), `name-${PAGE - 1}`);
  });

  test('is looked for once for all who ask meanwhile, and no more often than the interval', async () => {
    const { seen, workflows } = temporalWith(10);
    const startedMs = performance.now();
    for (let i = 0; i < 5; i++)
      await Promise.all(Array.from({ length: 100 }, (_, j) => workflows.openNameOf(`unknown-${i}-${j}`)));
    assert.ok(seen.lists <= 5 + 1, `${seen.lists} lists`);
    assert.ok(performance.now() - startedMs >= 4 * INTERVAL_MS);
    assert.equal(seen.atOnce, 1);
  });

  test('is looked for in a list that was asked for after its request, so that a new one is there', async () => {
    let open: readonly { workflowId: string; memo: { jobId: string } }[] = [];
    const listing = Promise.withResolvers<undefined>();
    let lists = 0;
    async function* list() {
      const now = open;
      if ((lists += 1) === 1) await listing.promise;
      yield* now;
    }
    const fake = { withDeadline: (_deadlineMs: number, call: () => Promise<unknown>) => call(), workflow: { list } };
    const workflows = createJobWorkflows(fake as unknown as Client, { lookUpIntervalMs: INTERVAL_MS });
    const before = workflows.openNameOf('a');
    await new Promise((resolve) => setTimeout(resolve, 2 * INTERVAL_MS));
    open = [{ workflowId: 'batch-job/new', memo: { jobId: 'a' } }];
    const after = workflows.openNameOf('a');
    listing.resolve(undefined);
    assert.deepEqual([await before, await after, lists], [undefined, 'new', 2]);
  });

  test('may be found by the next list, after one that failed', async () => {
    let lists = 0;
    async function* list() {
      if ((lists += 1) === 1) throw new Error('away');
      yield await Promise.resolve({ workflowId: 'batch-job/a', memo: { jobId: 'a' } });
    }
    const fake = { withDeadline: (_deadlineMs: number, call: () => Promise<unknown>) => call(), workflow: { list } };
    const workflows = createJobWorkflows(fake as unknown as Client, { lookUpIntervalMs: INTERVAL_MS });
    await assert.rejects(workflows.openNameOf('a'), /away/);
    assert.equal(await workflows.openNameOf('a'), 'a');
  });
});
