/**
 * The command that restores MongoDB from Temporal and the bucket: `npm run rebuild-mirror`. Ends with 0 when all is restored,
 * else with 1; what could not be is named on standard error.
 */
import { Client, Connection } from '@temporalio/client';
import { createBucket } from '../bucket/bucket.ts';
import { configOrExit, loadWorkerConfig } from '../config.ts';
import { dataConverterOf } from '../payload-codec.ts';
import { createStore } from '../store/store.ts';
import type { Store } from '../store/store.ts';
import { rebuildMirror } from './rebuild.ts';
import type { Rebuilt } from './rebuild.ts';

const PROGRESS_INTERVAL_MS = 1_000;

const config = configOrExit(loadWorkerConfig);
const { namespace, connectionOptions } = config.temporal;

async function main(): Promise<boolean> {
  const store = await reach('MongoDB', openStore);
  const connection = await reach('Temporal', () => Connection.connect(connectionOptions));
  const { workflow: workflows } = new Client({ connection, namespace, dataConverter: dataConverterOf(config) });
  const rebuilt: Rebuilt = { jobs: 0, running: 0, keys: 0, faults: [] };
  const timer = setInterval(() => say(`rebuilding: ${countsOf(rebuilt)}`), PROGRESS_INTERVAL_MS);
  try {
    await rebuildMirror({ workflows, bucket: createBucket(config.bucket), store }, rebuilt);
  } finally {
    clearInterval(timer);
    for (const fault of rebuilt.faults) process.stderr.write(`not restored: ${fault}\n`);
    await Promise.allSettled([store.close(), connection.close()]);
  }
  say(`rebuilt: ${countsOf(rebuilt)}`);
  return rebuilt.faults.length === 0;
}

/** The running API and worker take their indexes for made: they are made here after a drop. */
async function openStore(): Promise<Store> {
  const store = await createStore(config.mongo);
  await store.ping();
  return store;
}

async function reach<T>(server: string, connect: () => Promise<T>): Promise<T> {
  try {
    return await connect();
  } catch (cause) {
    throw new Error(`${server} does not answer (${messageOf(cause)})`, { cause });
  }
}

function countsOf({ jobs, running, keys, faults }: Rebuilt): string {
  return `${jobs} jobs (${running} running), ${keys} keys, ${faults.length} not restored`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

main().then(
  (isWhole) => process.exit(isWhole ? 0 : 1),
  (error: unknown) => {
    process.stderr.write(`The mirror is not rebuilt: ${messageOf(error)}. What was restored stays; run this again.\n`);
    process.exit(1);
  },
);
