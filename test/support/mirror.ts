import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { MongoClient } from 'mongodb';
import { required } from './environment.ts';

/** The mirror of the stack, lost and restored as an operator does it. */

const COMMAND = join(import.meta.dirname, '..', '..', 'worker', 'rebuild-mirror.ts');

/** Drops the database of the stack, under the running service. */
export async function dropMirror(): Promise<void> {
  const client = new MongoClient(required('MONGODB_URI'));
  await client.db(required('MONGODB_DATABASE')).dropDatabase();
  await client.close();
}

/** Names of the indexes that the jobs have; none when the collection is gone. */
export async function mirrorIndexes(): Promise<string[]> {
  const client = new MongoClient(required('MONGODB_URI'));
  try {
    const indexes = await client.db(required('MONGODB_DATABASE')).collection('jobs').listIndexes().toArray();
    return indexes.map(({ name }) => String(name)).sort();
  } finally {
    await client.close();
  }
}

/** What the command left. */
export interface Rebuild {
  readonly exitCode: number;
  /** The last line that it printed. */
  readonly summary: string;
  /** Its standard error. */
  readonly complaints: string;
}

/** Runs the command to its end. */
export async function rebuildMirror(): Promise<Rebuild> {
  const command = spawn(process.execPath, [COMMAND], { stdio: ['ignore', 'pipe', 'pipe'] });
  const closed = once(command, 'close') as Promise<[number]>;
  const [printed, complaints, [exitCode]] = await Promise.all([text(command.stdout), text(command.stderr), closed]);
  return { exitCode, summary: printed.trimEnd().split('\n').at(-1) ?? '', complaints };
}
