import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import type { ActivityDeps } from '../../../activities/deps.ts';
import { listenTo, logsOf } from '../../../activities/logs.ts';
import { createReadStampedLog } from '../../../cluster/follow-log.ts';
import type { ReadLog } from '../../../cluster/logs.ts';
import { aRequest } from '../../support/objects.ts';

const REMOVED = `rpc error: code = NotFound desc = an error occurred when try to find container "${'4f'.repeat(32)}": not found`;

/** What is kept of a task that is listened to, when its node answers with these stamped lines and then says why it goes no further. */
async function keptOf(lines: readonly string[], word: string, signal: AbortSignal): Promise<string[]> {
  const readLog: ReadLog = (_pod, _container, { timestamps } = {}) => {
    const said = timestamps ? lines : lines.map((line) => line.slice(line.indexOf(' ') + 1));
    return Promise.resolve(Readable.from([Buffer.from(said.join('\n') + word)]));
  };
  const readStampedLog = createReadStampedLog(readLog, { findPod: () => assert.fail('nobody waits for it') });
  const written: string[] = [];
  const write = async (_object: string, log: Readable) => void written.push(await text(log));
  const bucket = { stat: () => Promise.resolve(undefined), write } as unknown as ActivityDeps['bucket'];
  const { name, id } = aRequest();
  const source = logsOf({}, { name, id }, 'task', 'pod', false);
  const { untilEnd } = await listenTo({ readLog, readStampedLog, bucket }, source, 'task', signal);
  await untilEnd();
  return written;
}

const LINES = ['2026-11-24T18:31:11.1Z first', '2026-11-24T18:31:14.1Z last'];

test('a task that is removed while it is listened to has said what it said, and nothing of its node', async () => {
  const { signal } = new AbortController();
  assert.deepEqual(await keptOf([...LINES, ''], REMOVED, signal), ['first\nlast\n']);
  assert.deepEqual(await keptOf(LINES, REMOVED, signal), ['first\nlast']);
});

test('a task that is not listened to any longer does not lose what is kept of it', async () => {
  await assert.rejects(keptOf(LINES, '', AbortSignal.abort(new Error('silence'))), /silence/);
});
