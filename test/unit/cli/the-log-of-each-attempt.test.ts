import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLogTail } from '../../../cli/live/log-tail.ts';
import { ApiRefusal } from '../../../client/errors.ts';
import type { LogOptions } from '../../../client/logs.ts';
import { aClientJob } from '../../support/client-jobs.ts';

const ATTEMPT = {
  failure: { reason: 'Evicted', phase: 'running', message: 'm', retryable: true },
  stopTime: 1,
} as const;
const MISSING = new ApiRefusal('none', { status: 404, error: 'DoesNotExist', data: '' });

/** A tail of what `logOf` answers for each call, with all that it wrote and was told of. */
function tailOf(logOf: (attempt: number) => string | Error) {
  const [written, troubles]: [string[], unknown[]] = [[], []];
  async function* followLog(_id: string, { attempt = 0 }: LogOptions = {}): AsyncGenerator<Uint8Array> {
    const answer = await Promise.resolve(logOf(attempt));
    if (answer instanceof Error) throw answer;
    yield Buffer.from(answer);
  }
  const write = (bytes: Uint8Array) => Promise.resolve(void written.push(Buffer.from(bytes).toString()));
  const options = { signal: new AbortController().signal, onLost: (error: unknown) => void troubles.push(error) };
  return { tail: createLogTail({ followLog }, 'id', write, options), written, troubles };
}

test('the log of a task is written once, however often its job changes', async () => {
  const { tail, written } = tailOf((attempt) => `log ${attempt}\n`);
  for (const phase of ['starting', 'running', 'uploading', 'deleting', 'ended'] as const)
    tail.attend(aClientJob({ phase }));
  await tail.untilEnd();
  assert.deepEqual(written, ['log 1\n']);
});

test('each attempt is followed in turn', async () => {
  const { tail, written } = tailOf((attempt) => `log ${attempt}\n`);
  tail.attend(aClientJob({ phase: 'running' }));
  tail.attend(aClientJob({ phase: 'starting', attempts: [ATTEMPT] }));
  tail.attend(aClientJob({ phase: 'running', attempts: [ATTEMPT] }));
  await tail.untilEnd();
  assert.deepEqual(written, ['log 1\n', 'log 2\n']);
});

test('a job that ended without a log is no trouble', async () => {
  const { tail, written, troubles } = tailOf(() => MISSING);
  tail.attend(aClientJob({ phase: 'ended' }));
  await tail.untilEnd();
  assert.deepEqual([written, troubles], [[], []]);
});

test('a log that cannot be had is told, and is not the end of following the job', async () => {
  const refused = new ApiRefusal('no', { status: 500, error: 'InternalError', data: '' });
  const { tail, troubles } = tailOf(() => refused);
  tail.attend(aClientJob({ phase: 'running' }));
  await tail.untilEnd();
  assert.deepEqual(troubles, [refused]);
});
