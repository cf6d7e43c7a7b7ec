import assert from 'node:assert/strict';
import { test } from 'node:test';
import { givenNameOf, jobNameOf, MAX_OWNED_NAME_LENGTH } from '../../../api/auth/names.ts';
import { presentJob } from '../../../api/present.ts';
import { nameFault } from '../../../api/schemas/name.ts';
import { kubernetesJobOf } from '../../../cluster/names.ts';
import { MAX_DISRUPTIONS } from '../../../workflows/retry.ts';
import { aJob } from '../../support/job-builder.ts';

/** Kubernetes writes the name of a Job into a label of its pods. */
const LABEL_LENGTH = 63;
const MOST_ATTEMPTS = MAX_DISRUPTIONS + 10;

test('two owners may use one name, and neither meets a job of nobody', () => {
  const names = ['alice', 'bob', undefined].map((owner) => jobNameOf(owner, 'words'));
  assert.equal(new Set(names).size, 3);
  assert.equal(names[2], 'words');
  assert.equal(jobNameOf('alice', 'words'), names[0]);
});

test('an owner sees the name that it gave', () => {
  const name = jobNameOf('alice', 'words');
  assert.deepEqual([givenNameOf(name), givenNameOf('words')], ['words', 'words']);
  const { name: shown, owner } = presentJob(aJob({ name, owner: 'alice' }));
  assert.deepEqual([shown, owner], ['words', 'alice']);
});

test('no client can give the name of an owner’s job, and no attempt has it', () => {
  const name = jobNameOf('alice', 'words');
  assert.notEqual(nameFault(name), undefined);
  assert.match(name, /^words\.[a-z][a-z2-7]{7}$/);
});

test('the longest name of an owner’s job is short enough for Kubernetes in each attempt', () => {
  const name = jobNameOf('alice', 'x'.repeat(MAX_OWNED_NAME_LENGTH));
  for (const role of ['task', 'cleanup'] as const) {
    const { length } = kubernetesJobOf({ name, attempt: MOST_ATTEMPTS }, role);
    assert.ok(length <= LABEL_LENGTH, `${length} characters`);
  }
});
