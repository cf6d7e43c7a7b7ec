import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { V1Job, V1Pod } from '@kubernetes/client-node';
import fc from 'fast-check';
import { taskJobManifest } from '../../../cluster/manifests.ts';
import { observe, showsItsEnd } from '../../../cluster/outcome.ts';
import { slimJob, slimPod } from '../../../cluster/watched.ts';
import { anyJob, anyPod } from '../../support/any-objects.ts';
import { aRequest, podSettings } from '../../support/objects.ts';
import { runs } from '../../support/properties.ts';

const parameters = { docker_image: 'task', args: ['private'], environment_variables: { WORD: 'private' } };
const input = { object: 'input.zip', sizeBytes: 10, crc32c: 'AAAAAA==' };
const managedFields = [{ manager: 'kubelet' }];
const made = taskJobManifest(aRequest({ parameters }), podSettings(), input);
const job: V1Job = { ...made, metadata: { ...made.metadata, managedFields } };
const pod: V1Pod = { metadata: { uid: 'pod', managedFields }, ...(job.spec && { spec: job.spec.template.spec }) };

test('what is kept tells of a Job and its pods what all of them tell', () => {
  fc.assert(
    fc.property(anyJob, fc.array(anyPod, { maxLength: 3 }), (any, pods) => {
      const [slim, slimPods] = [slimJob(any), pods.map(slimPod)];
      assert.deepEqual(observe('task', slim, slimPods), observe('task', any, pods));
      assert.equal(showsItsEnd('task', slim, slimPods), showsItsEnd('task', any, pods));
    }),
    runs(1000),
  );
});

test('most of an object is not kept, and nothing of what a task is told', () => {
  for (const [whole, slim] of [
    [job, slimJob(job)],
    [pod, slimPod(pod)],
  ] as const) {
    const kept = JSON.stringify(slim);
    assert.ok(kept.length < JSON.stringify(whole).length / 2, kept);
    assert.doesNotMatch(kept, /private|managedFields/);
  }
});

test('what is kept leaves the object itself as it is', () => {
  const before = structuredClone({ job, pod });
  void [slimJob(job), slimPod(pod)];
  assert.deepEqual({ job, pod }, before);
});
