import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { workflowBundleOnce } from '../support/temporal-worker.ts';

/** What the sandbox of a workflow needs. */
const PACKAGES = ['@temporalio/common', '@temporalio/workflow', 'long', 'ms', 'nexus-rpc'];
const ROOMS = ['workflows'];
/** It has 1.0 MB, source map and all. */
const MAX_BYTES = 1_500_000;

async function code(): Promise<string> {
  const bundle = await workflowBundleOnce();
  return 'code' in bundle ? bundle.code : await readFile(bundle.codePath, 'utf8');
}

/** Packages and rooms whose files are in the bundle, as webpack names them. */
function originsIn(bundle: string): string[] {
  const files = [...bundle.matchAll(/^\/\*\*\*\/ "(\.[^"]*)"/gm)].map(([, file]) => file ?? '');
  const origins = files.map((file) => /(?:.*\/node_modules\/((?:@[^/]+\/)?[^/]+)|\.\/([^/]+))/.exec(file));
  return [...new Set(origins.map((origin) => origin?.[1] ?? origin?.[2] ?? ''))].sort();
}

test('the bundle of the workflows holds them and the SDK, and no library besides', async () => {
  assert.deepEqual(originsIn(await code()), [...PACKAGES, ...ROOMS].sort());
});

test('the bundle of the workflows is small', async () => {
  const { length } = await code();
  assert.ok(length < MAX_BYTES, `${length} bytes`);
});

test('no character of the bundle needs two bytes, which V8 would then take for each of them', async () => {
  assert.deepEqual((await code()).match(/[^\0-\x7f]/g), null);
});
