import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOneShot, readComposeFile, services } from '../../support/compose.ts';
import { stage } from '../../support/dockerfile.ts';

const all = readComposeFile().services;

for (const [name, service] of services()) {
  if (!isOneShot(service)) {
    test(`${name}, which runs on, says whether it is healthy and comes back after a crash`, () => {
      assert.ok(service.healthcheck ?? /^HEALTHCHECK --interval/m.test(stage(service.build?.target ?? '')));
      assert.equal(service.restart, 'unless-stopped');
    });
  }

  for (const [needed, { condition }] of Object.entries(service.depends_on ?? {})) {
    test(`${name} waits for ${needed} until it is of use`, () => {
      const target = all[needed];
      assert.ok(target, `there is no service ${needed}`);
      assert.equal(condition, isOneShot(target) ? 'service_completed_successfully' : 'service_healthy');
    });
  }
}

test('no service waits for itself', () => {
  const waitsFor = (name: string, seen: readonly string[]): void => {
    assert.ok(!seen.includes(name), [...seen, name].join(' → '));
    for (const needed of Object.keys(all[name]?.depends_on ?? {})) waitsFor(needed, [...seen, name]);
  };
  for (const name of Object.keys(all)) waitsFor(name, []);
});

test('the API and the worker wait for all that they talk to', () => {
  for (const name of ['api', 'worker']) {
    assert.deepEqual(Object.keys(all[name]?.depends_on ?? {}).sort(), ['mongodb', 'prepare', 'temporal']);
  }
  assert.deepEqual(Object.keys(all['prepare']?.depends_on ?? {}).sort(), ['bucket', 'k3s']);
});
