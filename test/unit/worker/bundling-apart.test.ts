import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { DefaultLogger } from '@temporalio/worker';
import { bundleApart } from '../../../worker/bundle-apart.ts';
import { bundleWorkflows } from '../../../worker/bundle.ts';

const ever = new AbortController().signal;
const hasChild = () => process.getActiveResourcesInfo().includes('ProcessWrap');

async function untilAlone(): Promise<void> {
  for (const endMs = Date.now() + 10_000; hasChild(); await sleep(10)) assert.ok(Date.now() < endMs);
}

test('a bundle that is made apart is the one that is made within, source map and all', async () => {
  const within = await bundleWorkflows(new DefaultLogger('ERROR'));
  const apart = await bundleApart('error', ever);
  assert.match(apart.code, /sourceMappingURL=data:/);
  assert.ok(apart.code === within.code, `${apart.code.length} and ${within.code.length} characters`);
});

test('what is wrong with workflows that cannot be bundled is told', async () => {
  await assert.rejects(
    bundleApart('silent', ever, { workflowsPath: '/nowhere/workflows.ts' }),
    /not bundled, which ended by 1: .*nowhere/s,
  );
  await untilAlone();
});

test('a worker that is to end waits for no bundle, and leaves no process behind', async () => {
  const stop = new AbortController();
  const bundling = bundleApart('silent', stop.signal);
  await sleep(100);
  assert.equal(hasChild(), true);
  stop.abort();
  await assert.rejects(bundling, { name: 'AbortError' });
  await untilAlone();
});
