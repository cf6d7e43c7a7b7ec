import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { MongoClient } from 'mongodb';
import { logObjectOf } from '../../../bucket/objects.ts';
import { answers, becomesTrue } from '../../../deploy/local/ready.ts';
import { createStore } from '../../../store/store.ts';
import { startApiProcess } from '../../support/api-process.ts';
import type { ApiProcess } from '../../support/api-process.ts';
import { required } from '../../support/environment.ts';
import { createTestBucket } from '../../support/gcs.ts';
import type { TestBucket } from '../../support/gcs.ts';
import { aSucceededJob } from '../../support/job-builder.ts';
import type { Closing } from '../../support/scope.ts';
import { createTestFolder } from '../../support/trees.ts';
import { curl } from '../curl.ts';
import { writeHostileBodies } from '../../support/hostile-bodies.ts';
import type { Measure } from '../measure.ts';
import { watchPeak } from '../peak.ts';
import { timed } from '../world.ts';

const READY_MS = 60_000;
const LOG_MEBIBYTES = 256;
const PAUSE_MS = 5;

/** What an API takes of memory, and how soon it answers a probe, while requests come that try to use it up, all at one time. */
export async function hostileRequests(scope: Closing): Promise<Measure[]> {
  const api = await startApi(scope);
  const attack = openAttack(scope, api);
  const peak = watchPeak(api.pid);
  return [
    {
      name: 'the slowest probe of the API during hostile requests',
      unit: 'ms',
      ours: () => peak.during(() => slowestProbe(api.url, attack())),
    },
    {
      name: 'memory of the API during hostile requests',
      unit: 'MiB',
      runs: 1,
      ours: () => Promise.resolve(peak.mebibytes()),
    },
  ];
}

interface OwnApi extends Pick<ApiProcess, 'url' | 'pid'> {
  /** Id of a job whose log is large, and one line without an end. */
  readonly jobId: string;
}

/** An API with a bucket and a database of its own, until `scope` ends. */
async function startApi(scope: Closing): Promise<OwnApi> {
  const [bucket, database] = [await createTestBucket(), `bench_${randomUUID().slice(0, 8)}`];
  const { url, pid } = await startApiProcess(scope, {
    MONGODB_DATABASE: database,
    GC_BUCKET_NAME: bucket.options.bucketName,
  });
  scope.after(() => dropDatabase(database));
  if (!(await becomesTrue(answers(`${url}/readyz`), READY_MS))) throw new Error('the API does not become ready');
  return { url, pid, jobId: await keepLog(bucket, database) };
}

async function keepLog({ bucket }: TestBucket, database: string): Promise<string> {
  const job = aSucceededJob();
  const object = logObjectOf(job.name, 'task');
  await bucket.write(object, Readable.from(Array<Buffer>(LOG_MEBIBYTES).fill(Buffer.alloc(1024 ** 2, 'x'))));
  const store = await createStore({ uri: required('MONGODB_URI'), database });
  await store.record({ ...job, logObjects: { task: object } }).finally(() => store.close());
  return job.id;
}

async function dropDatabase(database: string): Promise<void> {
  const client = new MongoClient(required('MONGODB_URI'));
  await client.db(database).dropDatabase();
  await client.close();
}

/** @returns what sends all hostile requests at one time, by processes of their own, and resolves when the last one is answered */
function openAttack(scope: Closing, { url, jobId }: OwnApi): () => Promise<unknown> {
  const folder = createTestFolder();
  scope.after(() => folder[Symbol.dispose]());
  const bodies = writeHostileBodies(folder.path);
  const post = (body: string) =>
    // A refusal is what is expected, and one that comes before the body has been sent breaks the line.
    curl(...['--no-fail', '--header', 'Expect:', '--json', `@${body}`], `${url}/batch/`).catch(() => undefined);
  const tail = () => curl('--output', '/dev/null', `${url}/batch/${jobId}/logs?tail=1`);
  return () => Promise.all([tail(), ...bodies.map(post)]);
}

/** The longest time, in milliseconds, that `/livez` takes until `deed` is done. @throws when it does not answer */
async function slowestProbe(url: string, deed: Promise<unknown>): Promise<number> {
  const state = { isOver: false };
  const over = deed.finally(() => (state.isOver = true));
  let slowestMs = 0;
  while (!state.isOver) {
    slowestMs = Math.max(slowestMs, await timed(() => probe(url)));
    await delay(PAUSE_MS);
  }
  await over;
  return slowestMs;
}

async function probe(url: string): Promise<void> {
  const answer = await fetch(`${url}/livez`);
  await answer.text();
  if (!answer.ok) throw new Error(`/livez answered ${answer.status}`);
}
