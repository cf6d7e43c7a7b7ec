import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { readReadyBundle, readyBundlePath } from '../../../worker/ready-bundle.ts';
import { stage } from '../../support/dockerfile.ts';

test('a bundle that the image has is taken as it is', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bundle-'));
  await writeFile(join(folder, 'workflows.js'), 'code');
  assert.deepEqual(await readReadyBundle(join(folder, 'workflows.js')), { code: 'code' });
  await rm(folder, { recursive: true });
});

test('where there is none, nothing is taken', async () => {
  assert.equal(await readReadyBundle('/nowhere/workflows.js'), undefined);
});

test('a bundle that cannot be read is no missing one', async () => {
  await assert.rejects(readReadyBundle(import.meta.dirname), { code: 'EISDIR' });
});

test('the image has one where the worker looks for it, and a checkout, whose workflows change, has none', () => {
  assert.match(stage('service-files'), /^COPY --from=workflow-bundle \/app\/dist dist$/m);
  for (const isEncoding of [false, true]) {
    const path = readyBundlePath(isEncoding);
    assert.ok(stage('workflow-bundle').includes(`3> dist/${basename(path)}`), path);
    assert.ok(!existsSync(path), path);
  }
});
