import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { PresentedJob } from '../../api/present.ts';
import type { FailureReason } from '../../workflows/failure-reasons.ts';
import type { JobParameters } from '../../workflows/parameters.ts';
import { required } from '../support/environment.ts';
import { aName, runJob, shellJob, submit, until, untilEnded } from '../support/job-client.ts';
import { startSilentRegistry } from '../support/registry.ts';
import { variants } from '../support/variants.ts';
import { assertWorldAfter } from '../support/world.ts';
import { zipOf } from '../support/zip-entries.ts';

variants('claims', 'one-pod');

function assertNeverStarted(job: PresentedJob, reason: FailureReason, message: RegExp): void {
  assert.deepEqual(
    [job.status, job.failure?.reason, job.failure?.phase],
    ['failed', reason, 'starting'],
    JSON.stringify(job),
  );
  assert.match(job.failure?.message ?? '', message);
  assert.notEqual(job.failure?.hint ?? '', '');
  assert.equal(job.exit_code, undefined);
}

/** Long enough for a busy cluster to say what is wrong. */
const START_TIMEOUT_SECONDS = 15;

interface Case {
  readonly parameters: () => JobParameters;
  readonly reason: FailureReason;
  readonly message: RegExp;
}

const CASES: Readonly<Record<string, Case>> = {
  'an image that the node does not have and may not pull': {
    parameters: () => ({ docker_image: 'nobody/none:1', image_pull_policy: 'Never' }),
    reason: 'ImageNotFound',
    message: /nobody\/none:1/,
  },
  'an image name that no runtime can read': {
    parameters: () => ({ docker_image: `${required('IMAGE_BUSYBOX')}@md5:${'0'.repeat(32)}` }),
    reason: 'InvalidImageName',
    message: /md5/,
  },
  'a registry that nobody can reach, until the start deadline': {
    parameters: () => ({ docker_image: 'registry.invalid/nobody/none:1', start_timeout_seconds: 30 }),
    reason: 'ImagePullTimeout',
    message: /registry\.invalid/,
  },
  'more processors than any node has, until the start deadline': {
    parameters: () =>
      shellJob('true', { resources: { requests: { cpu: '1000' } }, start_timeout_seconds: START_TIMEOUT_SECONDS }),
    reason: 'Unschedulable',
    message: /Insufficient cpu/,
  },
  'a node that does not exist, until the start deadline': {
    parameters: () =>
      shellJob('true', {
        node_selector: { 'example.com/color': 'green' },
        start_timeout_seconds: START_TIMEOUT_SECONDS,
      }),
    reason: 'Unschedulable',
    message: /selector/,
  },
  'a storage class that does not exist, long before the start deadline': {
    parameters: () => shellJob('true', { storage: { class: 'nowhere' } }),
    reason: 'ConfigError',
    message: /storageclass\.storage\.k8s\.io "nowhere" not found/,
  },
  'a queue that lets nothing go, until the start deadline': {
    parameters: () => shellJob('true', { queue: 'nowhere', start_timeout_seconds: START_TIMEOUT_SECONDS }),
    reason: 'StartTimeout',
    message: /queue nowhere/,
  },
  'a priority class that does not exist, long before the start deadline': {
    parameters: () => shellJob('true', { priority_class: 'nowhere' }),
    reason: 'ConfigError',
    message: /no PriorityClass with name nowhere/,
  },
  'an image that does not say what to run': {
    parameters: () => ({ docker_image: required('IMAGE_NOCOMMAND') }),
    reason: 'ConfigError',
    message: /no command/,
  },
};

describe('a job fails, and says why, when it wants', { concurrency: 4 }, () => {
  for (const [what, { parameters, reason, message }] of Object.entries(CASES)) {
    test(what, async () => {
      const job = await runJob(aName('no-start'), parameters());
      assertNeverStarted(job, reason, message);
      await assertWorldAfter(job);
    });
  }

  test('an image that is not there, and has got its input already', async () => {
    const parameters: JobParameters = { docker_image: 'nobody/none:1', image_pull_policy: 'Never' };
    const job = await runJob(aName('no-image'), parameters, await zipOf({ a: { content: 'a' } }));
    assertNeverStarted(job, 'ImageNotFound', /nobody\/none:1/);
    await assertWorldAfter(job);
  });

  test('a registry that is silent, until the start deadline', async (context) => {
    const { host, hangUp } = await startSilentRegistry(context);
    const { body } = await submit(aName('silence'), { docker_image: `${host}/team/none:1`, start_timeout_seconds: 30 });
    await until(body.data.id, ({ failure }) => failure !== undefined);
    // The kubelet does not let go of a pod while it pulls.
    hangUp();
    const job = await untilEnded(body.data.id);
    assertNeverStarted(job, 'ImagePullTimeout', /within 30 s: Pulling image .*team\/none/);
    await assertWorldAfter(job);
  });
});
