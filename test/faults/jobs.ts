import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { PresentedJob } from '../../api/present.ts';
import { downloadOutput, shellJob } from '../support/job-client.ts';
import type { AskedParameters } from '../support/job-client.ts';
import { LIMITED_CLASS } from '../support/limited-storage.ts';
import { evict, podOf } from '../support/operator.ts';
import { entriesOf, zipOf } from '../support/zip-entries.ts';
import { persist } from './patience.ts';

/** A job of the mix: what is asked for, and how to see that its end is the true one. */
export interface MixedJob {
  readonly parameters: AskedParameters;
  readonly inputZip?: Buffer<ArrayBuffer>;
  /** How long after its acceptance it is killed; absent when it is not. */
  readonly killAfterMs?: number;
  /** What is done to the accepted job behind the back of the service, by its name. */
  readonly disturb?: (name: string) => Promise<void>;
  /** Throws unless the job ended as it did in truth. */
  readonly assertEnd: (job: PresentedJob) => unknown;
}

/** A job may wait for its pod as long as an outage takes. */
const EVICTED_MS = 180_000;

const LARGE_BYTES = 50 * 1024 ** 2;

/** The name of a pod of any attempt but the first, as a shell matches it. */
const AGAIN = '*.[2-9]-*';

const ONE_POD = { storage: { mode: 'ephemeral' } } as const;

/** The mix, by name. */
const MAKERS = {
  'that succeeds': () => ({
    parameters: shellJob('echo run >> /output/runs; sleep 5; echo done'),
    assertEnd: assertRanOnce,
  }),
  'that copies its input': async () => {
    const inputZip = await zipOf({ a: { content: 'a' }, 'b/c': { content: 'c' } });
    return {
      inputZip,
      parameters: shellJob('echo run >> /output/runs; sleep 3; cp -r /input/. /output'),
      assertEnd: async (job: PresentedJob) => {
        const entries = await assertRanOnce(job);
        assert.deepEqual([entries['a']?.content, entries['b/c']?.content], ['a', 'c']);
      },
    };
  },
  'that is given a secret': () => {
    const secret = randomBytes(16).toString('hex');
    const asked = shellJob('echo run >> /output/runs; printf %s "$TOKEN" > /output/token');
    return {
      parameters: { ...asked, environment_variables: { TOKEN: { value: secret, sensitive: true } } },
      assertEnd: async (job: PresentedJob) => assert.equal((await assertRanOnce(job))['token']?.content, secret),
    };
  },
  'of 50 MB in and out': async () => {
    const noise = randomBytes(LARGE_BYTES).toString('latin1');
    return {
      inputZip: await zipOf({ noise: { content: Buffer.from(noise, 'latin1'), isCompressed: false } }),
      parameters: shellJob('cp /input/noise /output/noise; cmp /input/noise /output/noise'),
      assertEnd: assertHolds(Buffer.from(noise.slice(0, 4096), 'latin1')),
    };
  },
  'that fails': () => ({
    parameters: shellJob('sleep 2; exit 3'),
    assertEnd: (job: PresentedJob) => {
      assert.deepEqual([job.status, job.failure?.reason, job.exit_code], ['failed', 'UserError', 3], told(job));
    },
  }),
  'that needs too much memory': () => ({
    parameters: shellJob('sleep 1; tail /dev/zero', { resources: { limits: { memory: '32Mi' } } }),
    assertEnd: (job: PresentedJob) => {
      assert.deepEqual([job.status, job.failure?.reason], ['failed', 'OOMKilled'], told(job));
    },
  }),
  'that fills the disk under /output': () => ({
    parameters: shellJob('cat /dev/zero > /output/zeros', { storage: { class: LIMITED_CLASS, size: '4Mi' } }),
    assertEnd: (job: PresentedJob) => {
      assert.deepEqual([job.status, job.failure?.reason, job.exit_code], ['failed', 'UserError', 1], told(job));
    },
  }),
  'that succeeds when it is tried again': () => ({
    parameters: shellJob(`case $(hostname) in ${AGAIN}) echo run >> /output/runs;; *) sleep 2; exit 75;; esac`, {
      retry: { exit_codes: [75], backoff_seconds: 1 },
    }),
    assertEnd: async (job: PresentedJob) => {
      await assertRanOnce(job);
      assertEarlier(job, ({ exit_code }) => exit_code === 75);
    },
  }),
  'that is evicted': () => ({
    parameters: shellJob(`case $(hostname) in ${AGAIN}) echo run >> /output/runs;; *) sleep 3600;; esac`),
    disturb: evictFirstAttempt,
    assertEnd: async (job: PresentedJob) => {
      await assertRanOnce(job);
      assertEarlier(job, ({ failure }) => failure.reason === 'Evicted');
    },
  }),
  'that is killed while it starts': () => ({
    parameters: shellJob('sleep 3600'),
    killAfterMs: 500,
    assertEnd: assertKilled,
  }),
  'that is killed while it runs': () => ({
    parameters: shellJob('sleep 3600'),
    killAfterMs: 12_000,
    assertEnd: assertKilled,
  }),
  'that copies its input in one pod': async () => ({
    inputZip: await zipOf({ a: { content: 'a' } }),
    parameters: shellJob('echo run >> /output/runs; sleep 3; cp /input/a /output', ONE_POD),
    assertEnd: async (job: PresentedJob) => assert.equal((await assertRanOnce(job))['a']?.content, 'a'),
  }),
  'that fails beside its upload': () => ({
    parameters: shellJob('echo half > /output/half; sleep 2; exit 3', { ...ONE_POD, outputs_on: 'always' }),
    assertEnd: assertFailedWithHalf,
  }),
  'that is killed in one pod': () => ({
    parameters: shellJob('sleep 3600', ONE_POD),
    killAfterMs: 12_000,
    assertEnd: assertKilled,
  }),
} satisfies Readonly<Record<string, () => MixedJob | Promise<MixedJob>>>;

export type JobKind = keyof typeof MAKERS;
export const JOB_KINDS = Object.keys(MAKERS) as readonly JobKind[];

/** Makes a job of this kind. */
export async function makeJob(kind: JobKind): Promise<MixedJob> {
  return await MAKERS[kind]();
}

/** Until the cluster has said that it evicts the pod, or the next one is there. */
async function evictFirstAttempt(name: string): Promise<void> {
  await persist(`eviction of ${name}`, EVICTED_MS, async () => {
    const pods = (await podOf({ name })).split('\n').map((line) => line.replace(/^pod\//, ''));
    if (pods.some((pod) => pod.startsWith(`${name}.`))) return;
    await evict(pods.find((pod) => pod !== '') ?? assert.fail('it has no pod yet'));
  });
}

function assertSucceeded(job: PresentedJob): void {
  assert.deepEqual([job.status, job.exit_code, job.output?.complete], ['succeeded', 0, true], told(job));
}

/** Keeps no more of the output than its beginning: a run of hours has many. */
function assertHolds(beginning: Buffer) {
  return async (job: PresentedJob): Promise<void> => {
    assertSucceeded(job);
    const zip = await downloadOutput(job);
    assert.ok(zip.length > LARGE_BYTES && zip.includes(beginning));
  };
}

async function assertRanOnce(job: PresentedJob): Promise<Record<string, { content: string }>> {
  assertSucceeded(job);
  const entries = await entriesOf(await downloadOutput(job));
  assert.equal(entries['runs']?.content, 'run\n');
  return entries;
}

/** One attempt came before that ended as it should, and beside it only such as a node lost that was broken meanwhile. */
function assertEarlier(
  job: PresentedJob,
  isAsked: (attempt: NonNullable<PresentedJob['attempts']>[number]) => boolean,
): void {
  const { attempts = [] } = job;
  const lost = attempts.filter(({ failure }) => failure.reason === 'NodeLost');
  const asked = attempts.filter(isAsked);
  assert.equal(asked.length + lost.length, attempts.length, told(job));
  assert.ok(asked.length === 1 || (asked.length === 0 && lost.length > 0), told(job));
}

/** The bucket may be away for longer than an upload is patient: then the job has failed all the same, and tells of no output. */
async function assertFailedWithHalf(job: PresentedJob): Promise<void> {
  assert.deepEqual([job.status, job.failure?.reason, job.exit_code], ['failed', 'UserError', 3], told(job));
  if (!job.output) return;
  assert.equal(job.output.complete, false);
  assert.equal((await entriesOf(await downloadOutput(job)))['half']?.content, 'half\n');
}

function assertKilled(job: PresentedJob): void {
  assert.deepEqual([job.status, job.kill_requested, job.failure], ['killed', true, undefined], told(job));
}

function told(job: PresentedJob): string {
  return JSON.stringify(job);
}
