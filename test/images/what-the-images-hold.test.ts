import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { rootCertificates } from 'node:tls';
import { startEngine } from '../support/docker/engine.ts';
import { buildImage } from '../support/docker/images.ts';
import { filesOf, unpackImage } from '../support/docker/layers.ts';
import type { UnpackedImage } from '../support/docker/layers.ts';
import { findSecrets } from '../support/docker/secrets.ts';
import { createScope } from '../support/scope.ts';

/** Programs outside of node_modules that each image may have, and how large it may be. */
const IMAGES = {
  service: { programs: ['bin/sh', 'usr/local/bin/node'], limitBytes: 300e6 },
  transfer: { programs: ['nodejs/bin/node'], limitBytes: 160e6 },
} as const;

for (const [target, { programs, limitBytes }] of Object.entries(IMAGES)) {
  describe(`the image ${target}`, () => {
    const scope = createScope();
    let image: UnpackedImage;
    let files: readonly string[];
    before(async () => {
      const engine = await startEngine(scope);
      image = await unpackImage(scope, engine, await buildImage(engine, target));
      files = await filesOf(image.root);
    });
    after(() => scope[Symbol.asyncDispose]());

    test('has no program but those that it runs', () => {
      const found = files.filter((path) => /(^|\/)s?bin\//.test(path) && !path.includes('node_modules/'));
      assert.deepEqual(found, programs);
    });

    test('has no package manager, no tool of the tests and no source of them', () => {
      const tools =
        /(^|\/)(node_modules\/(npm|typescript|vite|esbuild|eslint|playwright-core)|test|\.npm|\.npmrc|\.env)(\/|$)/;
      assert.deepEqual(
        files.filter((path) => !/node_modules\/.+\/(test|typescript)\//.test(path) && tools.test(path)),
        [],
      );
    });

    test('has no secret in any layer, and no word of how the builder came to the registry', async () => {
      assert.deepEqual(await findSecrets(image.root, files), []);
      assert.doesNotMatch(image.config, /NPM_CONFIG|EXTRA_CA|_authToken|registry/i);
    });

    test('trusts the authorities of Node.js, and none of the machine that built it', async () => {
      const text = await readFile(join(image.root, 'etc/ssl/certs/ca-certificates.crt'), 'utf8');
      assert.equal(text.trim(), rootCertificates.join('\n').trim());
    });

    test('tells what it is made of', async () => {
      const text = await readFile(join(image.root, 'app/sbom.cdx.json'), 'utf8');
      const { bomFormat, components } = JSON.parse(text) as { bomFormat: string; components: { name: string }[] };
      const names = new Set(components.map(({ name }) => name));
      assert.equal(bomFormat, 'CycloneDX');
      const held = files.flatMap(
        (path) => /^app\/node_modules\/((?:@[^/]+\/)?[^/.][^/]*)\/package\.json$/.exec(path)?.[1] ?? [],
      );
      const needed = target === 'service' ? held : ['@google-cloud/storage', '@node-rs/crc32', 'yazl'];
      assert.ok(needed.length > 2);
      assert.deepEqual(
        needed.filter((name) => !names.has(name)),
        [],
      );
      assert.ok(!names.has('typescript-eslint'));
    });

    test('is small', (context) => {
      context.diagnostic(`${target} has ${(image.sizeBytes / 1e6).toFixed(0)} MB`);
      assert.ok(image.sizeBytes < limitBytes, `${image.sizeBytes} bytes`);
    });
  });
}
