import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { TestContext } from 'node:test';
import { jobNameOf } from '../../api/auth/names.ts';
import { workflowIdOf } from '../../workflows/names.ts';
import type { Failure, Job } from '../../workflows/contract.ts';
import { startGuardedApi } from './guarded-api.ts';
import type { Client, GuardedApi } from './guarded-api.ts';
import { aJob, aSucceededJob } from './job-builder.ts';
import { operations } from './openapi.ts';
import type { JsonObject } from './openapi.ts';

/** Two owners on one API, whose names begin alike. What Bob has is full of words that nobody else may ever read. */
export interface TwoOwners {
  readonly api: GuardedApi;
  readonly alice: Client;
  readonly bob: Client;
  /** Bob's job of which there is everything: an output, logs, attempts. */
  readonly ended: Job;
  /** Bob's job that goes on; Alice has one of its name. */
  readonly running: Job;
  /** What stands in no answer to Alice. */
  readonly words: readonly string[];
}

export const ALL = ['read', 'submit', 'kill'] as const;

/** Starts an API where both have jobs, with workflows that end with the test. */
export async function startTwoOwners(context: TestContext): Promise<TwoOwners> {
  const api = await startGuardedApi(context);
  const [mark, name] = [randomUUID().slice(0, 8), `test-${randomUUID().slice(0, 13)}`];
  const [alice, bob] = [await api.as(mark, ...ALL), await api.as(`${mark}-2`, ...ALL)];
  const ended = await endedJobOf(api, bob.owner, `ended-${mark}`);
  const running = aJob({ owner: bob.owner, name: jobNameOf(bob.owner, name), status: 'running', phase: 'running' });
  await api.store.record(running);
  await api.store.record(aJob({ owner: alice.owner, name: jobNameOf(alice.owner, name) }));
  const words = [bob.owner, ended.id, running.id, ended.name, running.name, `ended-${mark}`, `label-${mark}`, 'canary'];
  return { api, alice, bob, ended, running, words };
}

async function endedJobOf({ store, bucket }: GuardedApi, owner: string, given: string): Promise<Job> {
  const name = jobNameOf(owner, given);
  const text = () => Readable.from([Buffer.from('canary\n')]);
  const { object: log } = await bucket.write(`${name}-log.txt`, text());
  const stored = await bucket.write(`${name}-output.zip`, text());
  const logObjects = { task: log, input: log, cleanup: log };
  const attempts = [{ failure: aFailure('canary'), stopTime: 1_527_121_800_000, logObjects }];
  const parameters = { docker_image: 'canary', labels: { team: given.replace('ended', 'label') } };
  const output = { ...stored, files: 1, complete: true };
  const job = aSucceededJob({ owner, name, workflowId: workflowIdOf(name), parameters, output, logObjects, attempts });
  await store.record(job);
  return job;
}

function aFailure(message: string): Failure {
  return { reason: 'UserError', phase: 'running', message, retryable: false };
}

/** Whatever somebody who is curious could call a job, and the same form of text for no job at all. */
export function guessesAt(job: Job): readonly (readonly [guess: string, nothing: string])[] {
  const given = job.name.split('.', 1)[0] ?? '';
  const other = `none-${randomUUID().slice(0, 8)}`;
  return [
    [job.id, randomUUID()],
    [job.id.toUpperCase(), randomUUID().toUpperCase()],
    [job.id.slice(0, 8), randomUUID().slice(0, 8)],
    [`${job.id.slice(0, -1)}`, randomUUID().slice(0, -1)],
    [given, other],
    [given.slice(0, -1), other],
    [job.name, `${other}.u2345abc`],
    [encodeURIComponent(job.workflowId), encodeURIComponent(workflowIdOf(`${other}.u2345abc`))],
    [encodeURIComponent(`${job.id} `), encodeURIComponent(`${randomUUID()} `)],
    [`.${job.id}`, `.${randomUUID()}`],
  ];
}

/** A call of the document that asks who calls. */
export interface GuardedCall {
  readonly method: string;
  readonly path: string;
  /** Names of the parameters in the address, and of those in the query. */
  readonly inPath: readonly string[];
  readonly inQuery: readonly string[];
}

/** All calls of the document that ask who calls. */
export function guardedCalls(): readonly GuardedCall[] {
  return operations().flatMap(({ path, method, operation }) => {
    const named = (place: string) =>
      ((operation['parameters'] ?? []) as JsonObject[])
        .filter((one) => one['in'] === place)
        .map((one) => one['name'] as string);
    const isGuarded = (operation['security'] as readonly unknown[]).length > 0;
    return isGuarded ? [{ method: method.toUpperCase(), path, inPath: named('path'), inQuery: named('query') }] : [];
  });
}

/** An answer, without what differs from one to the next. */
export interface Told {
  readonly status: number;
  readonly headers: string;
  readonly body: string;
}

/** Asks, and reads the whole answer. Fails when it does not come to an end within seconds. */
export async function ask(
  api: GuardedApi,
  client: Client,
  method: string,
  path: string,
  init: RequestInit = {},
): Promise<Told> {
  const signal = AbortSignal.timeout(10_000);
  const headers = { ...client.headers, ...(init.headers as Record<string, string> | undefined) };
  const response = await fetch(api.url + path, { redirect: 'manual', signal, ...init, method, headers });
  const told = [...response.headers].filter(([name]) => !['date', 'content-length'].includes(name));
  return { status: response.status, headers: JSON.stringify(told.sort()), body: await response.text() };
}

/** Asserts that nothing of Bob is in an answer. */
export function assertSilent(
  { words }: Pick<TwoOwners, 'words'>,
  { headers, body }: Told,
  said: string,
  call: string,
): void {
  for (const word of words.filter((word) => !said.includes(word)))
    assert.ok(!`${headers} ${body}`.includes(word), `${call} tells ${word}: ${body.slice(0, 200)}`);
}
