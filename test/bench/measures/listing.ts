import { randomUUID } from 'node:crypto';
import { MongoClient } from 'mongodb';
import type { Collection } from 'mongodb';
import { answers, becomesTrue } from '../../../deploy/local/ready.ts';
import type { JobDocument } from '../../../store/document.ts';
import { filterOf, NEWEST_FIRST } from '../../../store/selection.ts';
import { startApiProcess } from '../../support/api-process.ts';
import type { Closing } from '../../support/scope.ts';
import { percentile } from '../figure.ts';
import { startIndexedMongodb } from '../indexed-mongodb.ts';
import { writeRows } from '../many-rows.ts';
import type { Measure } from '../measure.ts';
import { timed } from '../world.ts';

const PAIRS = 100;
/** A server that reads every row for each query is asked less often. */
const LONGEST_MS = 60_000;
const READY_MS = 60_000;
/** A page, when nobody says how long it is. */
const SELECTION = { statuses: ['running'], limit: 100 } as const;

/** @returns false when it is refused */
type Deed = () => Promise<boolean>;

/** How soon the running jobs are listed among `rows` jobs, against the same query by the driver alone. The rows are gone when `scope` ends. */
export async function listing(scope: Closing, rows: number): Promise<Measure> {
  const uri = process.env['BENCH_MONGODB_URI'] ?? (await startIndexedMongodb(scope));
  const database = `bench_${randomUUID().slice(0, 8)}`;
  // It makes the indexes.
  const { url } = await startApiProcess(scope, { MONGODB_URI: uri, MONGODB_DATABASE: database });
  if (!(await becomesTrue(answers(`${url}/readyz`), READY_MS))) throw new Error('the API does not become ready');
  const jobs = openRows(scope, uri, database);
  console.error(`\nwriting ${rows} rows`);
  await writeRows(jobs, rows);
  let queryMs = NaN;
  return {
    name: 'list of the running jobs, the slowest but one of twenty',
    unit: 'ms',
    ours: async () => {
      const durations = await inPairs([() => list(url), () => query(jobs)]);
      queryMs = percentile(95, durations[1]);
      return percentile(95, durations[0]);
    },
    peer: { what: 'the query alone', run: () => Promise.resolve(queryMs) },
  };
}

function openRows(scope: Closing, uri: string, database: string): Collection<JobDocument> {
  const client = new MongoClient(uri);
  scope.after(async () => {
    await client.db(database).dropDatabase();
    await client.close();
  });
  return client.db(database).collection<JobDocument>('jobs');
}

async function list(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/batch/?status=${SELECTION.statuses.join(',')}`);
  await answer.json();
  return answer.ok;
}

async function query(jobs: Collection<JobDocument>): Promise<boolean> {
  await jobs.find(filterOf(SELECTION)).sort(NEWEST_FIRST).limit(SELECTION.limit).toArray();
  return true;
}

/** How long each of the two takes, again and again in turn: what else the machine does befalls both. What is refused never ends. */
async function inPairs(deeds: readonly [Deed, Deed]): Promise<[number[], number[]]> {
  const durations: [number[], number[]] = [[], []];
  for (const endMs = performance.now() + LONGEST_MS; durations[0].length < PAIRS && performance.now() < endMs;)
    for (const at of [0, 1] as const) durations[at].push(await durationOf(deeds[at]));
  return durations;
}

async function durationOf(deed: Deed): Promise<number> {
  let isDone = false;
  const durationMs = await timed(async () => void (isDone = await deed()));
  return isDone ? durationMs : Infinity;
}
