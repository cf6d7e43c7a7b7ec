import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isApiError } from '../../../api/errors.ts';
import { parseJobAndInput } from '../../../api/schemas/job.ts';
import type { JobSpec } from '../../../api/schemas/job.ts';

/** Parses a job with these parameters beside its image. */
async function parse(parameters: Record<string, unknown>): Promise<JobSpec> {
  const body = { job_parameters: { docker_image: 'python', ...parameters } };
  return await parseJobAndInput(body, { inputBuckets: [], isPart: false });
}

/** The faults of a job with these parameters beside its image. */
async function faultsOf(parameters: Record<string, unknown>): Promise<unknown> {
  try {
    await parse(parameters);
    return {};
  } catch (error) {
    assert.ok(isApiError(error));
    return (error.data as { job_parameters: unknown }).job_parameters;
  }
}

const GOOD = {
  timeout_seconds: 60,
  start_timeout_seconds: 1,
  outputs_on: 'always',
  storage: { size: '20Gi', class: 'fast.example.com' },
  node_selector: { 'kubernetes.io/arch': 'amd64', disk: '' },
  tolerations: [
    { operator: 'Exists' },
    { key: 'example.com/gpu', operator: 'Equal', value: 'yes', effect: 'NoExecute', tolerationSeconds: 0 },
  ],
  labels: { team: 'blue', 'example.com/cost-center': '12' },
  priority_class: 'urgent',
  queue: 'night',
  image_pull_policy: 'Always',
};

describe('what a job may ask for', () => {
  test('is taken as it stands', async () => {
    assert.deepEqual((await parse(GOOD)).parameters, {
      docker_image: 'python',
      ...GOOD,
    });
  });

  test('may be null, which says nothing', async () => {
    const nothing = Object.fromEntries(Object.keys(GOOD).map((key) => [key, null]));
    assert.deepEqual((await parse(nothing)).parameters, {
      docker_image: 'python',
    });
  });

  const BAD: Readonly<Record<string, { readonly parameters: Record<string, unknown>; readonly fault: RegExp }>> = {
    'a timeout of nothing': { parameters: { timeout_seconds: 0 }, fault: /from 1 to/ },
    'half a second': { parameters: { start_timeout_seconds: 0.5 }, fault: /whole number/ },
    'a timeout as text': { parameters: { timeout_seconds: '60' }, fault: /whole number/ },
    'an unknown moment of outputs': { parameters: { outputs_on: 'failure' }, fault: /success or always/ },
    'a size of nothing': { parameters: { storage: { size: '0' } }, fault: /quantity/ },
    'a size that Kubernetes refuses': { parameters: { storage: { size: '5x' } }, fault: /quantity/ },
    'an unknown field of storage': { parameters: { storage: { sise: '5Gi' } }, fault: /Unknown field/ },
    'a class in capitals': { parameters: { storage: { class: 'Fast' } }, fault: /lower case/ },
    'a label key with two slashes': { parameters: { labels: { 'a/b/c': 'x' } }, fault: /label key/ },
    'a label value with a space': { parameters: { labels: { a: 'b c' } }, fault: /letters/ },
    'a label that is a number': { parameters: { labels: { a: 1 } }, fault: /string/ },
    'a label of ours': { parameters: { labels: { 'kubernetes-task-runner/job-id': 'x' } }, fault: /reserved/ },
    'a label of Kubernetes': { parameters: { labels: { 'batch.kubernetes.io/job-name': 'x' } }, fault: /reserved/ },
    'a label of the queue': { parameters: { labels: { 'kueue.x-k8s.io/queue-name': 'x' } }, fault: /reserved/ },
    'an old label of Jobs': { parameters: { labels: { 'job-name': 'x' } }, fault: /reserved/ },
    'a node selector that is a list': { parameters: { node_selector: [] }, fault: /object/ },
    'a toleration of everything by mistake': { parameters: { tolerations: [{}] }, fault: /Exists/ },
    'a toleration with a value too many': {
      parameters: { tolerations: [{ key: 'a', operator: 'Exists', value: 'b' }] },
      fault: /absent/,
    },
    'a toleration that lasts without an effect': {
      parameters: { tolerations: [{ key: 'a', operator: 'Exists', tolerationSeconds: 5 }] },
      fault: /NoExecute/,
    },
    'a toleration that lasts for more than ten years': {
      parameters: { tolerations: [{ key: 'a', effect: 'NoExecute', tolerationSeconds: 315_360_001 }] },
      fault: /from 0 to 315360000/,
    },
    'a priority class of Kubernetes itself': {
      parameters: { priority_class: 'system-node-critical' },
      fault: /Must not begin with system-/,
    },
    'a priority class with a space': { parameters: { priority_class: 'very urgent' }, fault: /lower case/ },
    'an empty queue': { parameters: { queue: '' }, fault: /lower case/ },
    'an unknown pull policy': { parameters: { image_pull_policy: 'Sometimes' }, fault: /IfNotPresent/ },
  };
  for (const [what, { parameters, fault }] of Object.entries(BAD)) {
    test(`is refused: ${what}`, async () => {
      const [field = ''] = Object.keys(parameters);
      assert.match(JSON.stringify(((await faultsOf(parameters)) as Record<string, unknown>)[field]), fault);
    });
  }

  test('is refused with all its faults at once', async () => {
    const faults = await faultsOf({ timeout_seconds: -1, labels: { '': '' }, queue: 'Q', unknown: 1 });
    assert.deepEqual(Object.keys(faults as object).sort(), ['labels', 'queue', 'timeout_seconds', 'unknown']);
  });
});
