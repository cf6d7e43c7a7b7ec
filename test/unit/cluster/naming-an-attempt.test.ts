import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nameFault } from '../../../api/schemas/name.ts';
import { taskJobManifest } from '../../../cluster/manifests.ts';
import { inputClaimOf, kubernetesJobOf, labelsOf, outputClaimOf, refIn, selectorOf } from '../../../cluster/names.ts';
import { aRequest, podSettings } from '../../support/objects.ts';

const ref = { id: 'id', name: 'words' };

test('the first attempt has the names that the contract tells', () => {
  for (const first of [ref, { ...ref, attempt: 1 }]) {
    assert.deepEqual([kubernetesJobOf(first, 'task'), kubernetesJobOf(first, 'cleanup')], ['words', 'words-cleanup']);
    assert.deepEqual([inputClaimOf(first), outputClaimOf(first)], ['job-words-input', 'job-words-output']);
    assert.deepEqual(refIn(labelsOf(first)), ref);
  }
});

test('a later attempt has names that no job and no other attempt has', () => {
  const second = { ...ref, attempt: 2 };
  const names = [
    kubernetesJobOf(second, 'task'),
    kubernetesJobOf(second, 'cleanup'),
    inputClaimOf(second),
    outputClaimOf(second),
  ];
  assert.deepEqual(names, ['words.2', 'words-cleanup.2', 'job-words-input.2', 'job-words-output.2']);
  for (const name of names) assert.notEqual(nameFault(name), undefined, 'no client can call a job so');
  assert.deepEqual(refIn(labelsOf(second)), second);
});

test('the longest name has room for its attempt in a label', () => {
  const name = kubernetesJobOf({ name: 'x'.repeat(50), attempt: 30 }, 'cleanup');
  assert.ok(name.length <= 63);
});

test('an attempt is selected without the others, and a job with all of them', () => {
  const all = selectorOf(ref);
  assert.doesNotMatch(all, /attempt/);
  assert.equal(selectorOf({ ...ref, attempt: 1 }), `${all},!kubernetes-task-runner/attempt`);
  assert.equal(
    selectorOf({ ...ref, attempt: 2 }, 'task'),
    `${all},kubernetes-task-runner/attempt=2,kubernetes-task-runner/role=task`,
  );
});

test('memory that a later attempt asks for, and its limit, are multiplied', () => {
  const resources = { limits: { memory: '128Mi', cpu: '1' }, requests: { memory: '64Mi' } };
  const request = aRequest({ ...ref, parameters: { docker_image: 'python', resources } });
  const job = taskJobManifest(request, podSettings(), undefined, { attempt: 3, memoryFactor: 2 });
  const [task] = job.spec?.template.spec?.containers ?? [];
  const bytes = (mebibytes: number) => String(mebibytes * 1024 ** 2);
  const { limits, requests } = task?.resources ?? {};
  assert.deepEqual([limits?.['memory'], limits?.['cpu'], requests?.['memory']], [bytes(256), '1', bytes(128)]);
  assert.equal(job.metadata?.name, 'words.3');
});

test('memory grows to the largest that a job may have, and no further', () => {
  const resources = { limits: { memory: '128Mi' }, requests: { memory: '64Mi' } };
  const request = aRequest({
    ...ref,
    parameters: { docker_image: 'python', resources },
    maxResources: { memory: '200Mi', 'ephemeral-storage': '1Gi' },
  });
  const job = taskJobManifest(request, podSettings(), undefined, { attempt: 3, memoryFactor: 2 });
  const { limits, requests } = job.spec?.template.spec?.containers[0]?.resources ?? {};
  assert.deepEqual([limits?.['memory'], requests?.['memory']], ['200Mi', String(128 * 1024 ** 2)]);
  assert.equal(limits?.['ephemeral-storage'], '1Gi', 'nor does it get more of a disk by itself');
});
