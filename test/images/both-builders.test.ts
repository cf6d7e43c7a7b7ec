import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startEngine } from '../support/docker/engine.ts';
import type { Engine } from '../support/docker/engine.ts';
import { buildImage } from '../support/docker/images.ts';
import { contentsOf, unpackImage } from '../support/docker/layers.ts';
import { createScope } from '../support/scope.ts';

/** What V8 compiles holds times and addresses. */
const COMPILED = /^app\/(dist\/)?compiled\//;

describe('both builders of Docker make the same files of one lock file', () => {
  const scope = createScope();
  let engine: Engine;
  before(async () => {
    engine = await startEngine(scope);
  });
  after(() => scope[Symbol.asyncDispose]());

  for (const target of ['service', 'transfer']) {
    test(`of the target ${target}`, async () => {
      const contents = async (builder: 'legacy' | 'buildkit') => {
        const { root } = await unpackImage(scope, engine, await buildImage(engine, target, builder));
        return (await contentsOf(root)).filter((line) => !COMPILED.test(line));
      };
      const [one, other] = [await contents('legacy'), await contents('buildkit')];
      assert.ok(one.length > 10);
      assert.deepEqual(other, one);
    });
  }
});
