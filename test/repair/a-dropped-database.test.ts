import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { after, before, describe, test } from 'node:test';
import type { PresentedJob } from '../../api/present.ts';
import { recordObjectOf } from '../../bucket/objects.ts';
import { isFinal } from '../../workflows/contract.ts';
import { call, downloadOutput, logOf, shellJob, submit, untilEnded } from '../support/job-client.ts';
import { dropMirror, mirrorIndexes, rebuildMirror } from '../support/mirror.ts';
import type { Rebuild } from '../support/mirror.ts';
import { openClient, pauseReconciliation, reconcileNow } from '../support/reconciliation.ts';
import { runRepairJobs } from '../support/repair-jobs.ts';
import type { RepairJobs } from '../support/repair-jobs.ts';
import { assertWorldAfter, testBucket } from '../support/world.ts';

/** A record that is cut off. Its name comes before most others. */
const BROKEN = recordObjectOf(randomUUID().replace(/^.{8}/, '00000000'));

const ENDINGS = ['succeeded', 'failed', 'killed', 'succeeded,failed,killed'];

/** What does not change from one answer to the next. */
function lasting({ output_file_url: _url, explain: _now, ...job }: PresentedJob): Partial<PresentedJob> {
  return job;
}

async function listOf(query: string): Promise<Partial<PresentedJob>[]> {
  const { body } = await call<PresentedJob[]>('GET', `/batch/?limit=1000&${query}`);
  return body.data.map(lasting);
}

/** All that is told of these jobs as long as none of them changes: each of them, and each list. */
async function tell({ prefix, ended, forgotten, terminated, inFlight }: RepairJobs) {
  const jobs = [...Object.values(ended), forgotten, terminated, inFlight];
  const documents = jobs.flatMap(({ id, name }) => [id, name]).map((key) => call('GET', `/batch/${key}`));
  return {
    documents: (await Promise.all(documents)).map(({ body }) => lasting(body.data)),
    lists: await Promise.all([...ENDINGS, 'all'].map((status) => listOf(`status=${status}&name_prefix=${prefix}`))),
    labelled: await listOf(`status=succeeded&label=of%3D${prefix}`),
  };
}

/** Whatever tests were here before. */
async function listEnded(): Promise<Partial<PresentedJob>[]> {
  return (await listOf('status=all')).filter(({ status }) => status !== undefined && isFinal(status));
}

describe('after the database was dropped under a job in flight, and rebuilt', () => {
  let jobs: RepairJobs;
  let rebuild: Rebuild;
  let told: Awaited<ReturnType<typeof tell>>;
  let resume: () => Promise<void>;
  let [others, indexes]: [Partial<PresentedJob>[], string[]] = [[], []];

  before(async () => {
    // A run that comes in between would give the job without a workflow its end.
    resume = await pauseReconciliation();
    jobs = await runRepairJobs();
    [told, others, indexes] = await Promise.all([tell(jobs), listEnded(), mirrorIndexes()]);
    await dropMirror();
    assert.deepEqual(await listEnded(), []);
    await testBucket().write(BROKEN, Readable.from([Buffer.from('{"id":')]));
    rebuild = await rebuildMirror();
    await testBucket().remove(BROKEN);
  });
  after(() => resume());

  test('a record that cannot be read is named, and fails the command when all else is restored', () => {
    assert.equal(rebuild.exitCode, 1);
    assert.equal(rebuild.complaints, `not restored: ${BROKEN}: object ${BROKEN} holds no record of its job\n`);
    assert.match(rebuild.summary, /^rebuilt: \d+ jobs \([1-9]\d* running\), [1-9]\d* keys, 1 not restored$/);
  });

  test('each job and each list is told as before, whether its workflow has ended, runs, was ended by force or is forgotten', async () => {
    const { ended, inFlight, terminated, forgotten } = jobs;
    assert.deepEqual(
      [...Object.values(ended), inFlight, terminated, forgotten].map(({ status }) => status),
      ['succeeded', 'failed', 'killed', 'succeeded', 'running', 'running', 'succeeded'],
    );
    assert.deepEqual(await tell(jobs), told);
    const restored = new Map((await listEnded()).map((job) => [job.id, job]));
    for (const job of others) assert.deepEqual(restored.get(job.id), job);
  });

  test('the mirror has its indexes again, though nothing was started anew', async () => {
    assert.deepEqual(await mirrorIndexes(), indexes);
  });

  test('a job that Temporal has forgotten still has its output and its log', async () => {
    const { body } = await call('GET', `/batch/${jobs.forgotten.id}`);
    assert.ok((await downloadOutput(body.data)).length > 0);
    assert.equal(await logOf(jobs.forgotten.id), 'hello\n');
  });

  test('a request that comes again with its key is the same job', async () => {
    const { status, body } = await jobs.submitKeyed();
    assert.deepEqual([status, body.data.id], [200, jobs.ended.keyed.id]);
  });

  test('a name that was used is refused, whoever remembers it', async () => {
    for (const { name } of [jobs.ended.succeeded, jobs.forgotten, jobs.inFlight]) {
      const { status, body } = await submit(name, shellJob('true'));
      assert.deepEqual([status, body.error], [400, 'InvalidParameters']);
    }
  });

  test('a second rebuild changes nothing', async () => {
    const { exitCode, complaints, summary } = await rebuildMirror();
    assert.deepEqual([exitCode, complaints], [0, '']);
    assert.match(summary, / 0 not restored$/);
    assert.deepEqual(await tell(jobs), told);
  });

  test('the job in flight goes on to its end, and all that is told is true', async () => {
    await jobs.openGate();
    const end = await untilEnded(jobs.inFlight.id);
    assert.equal(end.status, 'succeeded', JSON.stringify(end));
    for (const job of [...Object.values(jobs.ended), end]) await assertWorldAfter(job);
  });

  test('the job whose workflow was ended by force is finished by a reconciliation, and the next rebuild tells its end', async (context) => {
    await reconcileNow(await openClient(context));
    const end = await untilEnded(jobs.terminated.id);
    assert.deepEqual([end.status, end.failure?.reason], ['failed', 'ClusterError']);
    await assertWorldAfter(end);
    await dropMirror();
    const { exitCode, complaints } = await rebuildMirror();
    assert.deepEqual([exitCode, complaints], [0, '']);
    assert.deepEqual((await call('GET', `/batch/${end.id}`)).body.data, end);
    await assertWorldAfter(end);
  });
});
