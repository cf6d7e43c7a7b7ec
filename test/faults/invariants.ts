import assert from 'node:assert/strict';
import { OURS_SELECTOR, SECRET_NAME } from '../../cluster/names.ts';
import { BATCH_JOB_WORKFLOW } from '../../workflows/names.ts';
import { kubectl } from '../support/operator.ts';
import { assertReplays } from '../support/temporal-worker.ts';
import { showHistory, stepsIn } from '../support/told-steps.ts';
import { runTool } from '../support/tools.ts';
import { assertWorldAfter, testBucket } from '../support/world.ts';
import { assertStays } from './client.ts';
import { persist } from './patience.ts';
import type { EndedJob } from './run-plan.ts';
import { say } from './say.ts';
import { sweepStack } from './sweeping.ts';

/** What must hold of each job when the world is whole again, by what breaks when it does not. */
const OF_EACH_JOB: Readonly<Record<string, (ended: EndedJob) => unknown>> = {
  'its end is not the true one': ({ assertEnd, job }) => assertEnd(job),
  'it has a second end': ({ job }) => assertStays(job),
  'it has left something, or the mirror differs from the workflow': ({ job }) => assertWorldAfter(job),
  'it was published more than once': ({ job }) => assertPublishedOnce(job.name),
  'its workflow does not replay': async ({ job }) => assertReplays(await showHistory(job.name)),
};

/** What must hold of the whole. */
const OF_THE_WORLD: Readonly<Record<string, () => Promise<void>>> = {
  'the cluster holds objects of no job': assertClusterIsEmpty,
  'a reconciliation has more to remove than inputs of no job': assertOnlyInputsAreSwept,
  'the bucket holds what nobody will fetch': assertBucketIsEmpty,
  'a workflow runs on': assertNoWorkflowRuns,
};

/** A reconciliation may be under way at any time. */
const JOBS_THAT_RUN = `ExecutionStatus="Running" AND WorkflowType="${BATCH_JOB_WORKFLOW}"`;

/** Every sentence that does not hold, with what was seen. Empty when all is well. */
export async function violationsAfter(ended: readonly EndedJob[]): Promise<string[]> {
  const checks = [
    ...ended.flatMap((job) =>
      Object.entries(OF_EACH_JOB).map(([sentence, check]) => [`${job.kind}: ${sentence}`, () => check(job)] as const),
    ),
    ...Object.entries(OF_THE_WORLD),
  ];
  const violations: string[] = [];
  for (const [sentence, check] of checks) {
    try {
      await check();
    } catch (error) {
      violations.push(`${sentence}: ${wordsOf(error)}`);
    }
  }
  return violations;
}

/** With what is behind it. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${wordsOf(error.cause)}`;
}

/** One step of the workflow publishes, and it was completed at most once. */
async function assertPublishedOnce(name: string): Promise<void> {
  const published = stepsIn(await showHistory(name)).filter((step) => step.name === 'publish');
  assert.ok(published.length <= 1, `publish was done ${published.length} times`);
}

/** The cluster's own garbage collector removes the secrets of jobs, and may have been down as well. */
const COLLECTED_MS = 60_000;

async function assertClusterIsEmpty(): Promise<void> {
  const kinds = 'jobs,pods,persistentvolumeclaims,secrets';
  await persist('the emptiness of the cluster', COLLECTED_MS, async () => {
    const names = await kubectl('get', kinds, '--selector', OURS_SELECTOR, '--output', 'name');
    // All jobs share it, and it stays; with signed URLs there is none.
    assert.equal(names.replace(`secret/${SECRET_NAME}`, '').trim(), '');
  });
}

/** An API that is killed between an upload and the start of its job leaves the input. All else was to be removed by the jobs. */
async function assertOnlyInputsAreSwept(): Promise<void> {
  const { removed, left, refused, stuck } = await sweepStack();
  const { SpooledInput: inputs = [], ...others } = removed;
  say(`a reconciliation removed ${inputs.length} inputs of no job`);
  assert.deepEqual({ others, left, refused, stuck }, { others: {}, left: 0, refused: [], stuck: [] });
}

async function assertBucketIsEmpty(): Promise<void> {
  const bucket = testBucket();
  assert.deepEqual([...(await bucket.list('spool/')), ...(await bucket.list('attempts/'))], []);
}

async function assertNoWorkflowRuns(): Promise<void> {
  const list = await runTool('temporal', 'workflow', 'list', '--query', JOBS_THAT_RUN, '--output', 'json');
  assert.deepEqual(JSON.parse(list || '[]'), []);
}
