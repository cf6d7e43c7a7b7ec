import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, test } from 'node:test';
import type { V1ContainerState } from '@kubernetes/client-node';
import { ClusterRefusedError, LogUnreadableError } from '../../../cluster/errors.ts';
import { createReadStampedLog } from '../../../cluster/follow-log.ts';
import type { StampedLogOptions } from '../../../cluster/follow-log.ts';
import type { ReadLog } from '../../../cluster/logs.ts';
import { aPod, ended, running } from '../../support/objects.ts';

const ID = '4f'.repeat(32);
const REMOVED = `rpc error: code = NotFound desc = an error occurred when try to find container "${ID}": not found`;
const REFUSED = new ClusterRefusedError('read log', 400, { message: 'unable to retrieve container logs' }, undefined);

const at = (second: number, said: string) => `2026-11-24T18:31:1${second}.123456789Z ${said}`;

/** What is read of a log when its node gives these answers, one after the other; looked at, the container is in these states. */
async function readOf(
  answers: readonly (string | Error)[],
  options: Partial<StampedLogOptions> = {},
  states: V1ContainerState[] = [],
): Promise<string> {
  const left = [...answers];
  const readLog: ReadLog = () => {
    const answer = left.shift() ?? '';
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(Readable.from([Buffer.from(answer)]));
  };
  const cluster = { findPod: () => Promise.resolve(aPod({ main: states.shift() ?? ended(1) })) };
  const log = await createReadStampedLog(readLog, cluster)({ podName: 'pod', container: 'task', ...options });
  const read = await text(log);
  assert.deepEqual(left, [], 'the node is asked for all of it');
  return read;
}

const enough = { follow: true, isEnough: () => Promise.resolve(true) };

describe('what a node says itself at the end of a log', () => {
  test('is not what the container said', async () => {
    const said = `${at(1, 'first')}\n${at(2, 'last')}\n`;
    assert.equal(await readOf([said + REMOVED], enough), said);
    assert.equal(await readOf([`${said}unexpected stream type`], enough), said);
  });

  test('is told from a last line without an end, too', async () => {
    assert.equal(await readOf([at(1, 'done') + REMOVED], enough), at(1, 'done'));
  });

  test('is the container’s when the container says the same', async () => {
    const lines = `${at(1, REMOVED)}\n${at(2, 'rpc error: code = NotFound desc = no such user')}`;
    assert.equal(await readOf([lines], enough), lines);
  });

  test('does not end what is followed while the container runs', async () => {
    const [first, last] = [`${at(1, 'first')}\n`, `${at(2, 'last')}\n`];
    const answers = [`${first}context deadline exceeded`, first + last, first + last];
    assert.equal(await readOf(answers, { follow: true }, [running]), first + last);
  });

  test('is an error when the log is read once, after all that the container said', async () => {
    const said = `${at(1, 'first')}\n`;
    const log = await createReadStampedLog(
      () => Promise.resolve(Readable.from([Buffer.from(`${said}failed to read log file: input/output error`)])),
      { findPod: () => assert.fail('not asked') },
    )({ podName: 'pod', container: 'task' });
    const pieces: Buffer[] = [];
    await assert.rejects(
      async () => {
        for await (const piece of log) pieces.push(piece);
      },
      (error) => error instanceof LogUnreadableError && error.message.endsWith('input/output error'),
    );
    assert.equal(Buffer.concat(pieces).toString(), said);
  });
});

test('a log that is followed ends when the container has, though the node has its log no more', async () => {
  const said = `${at(1, 'first')}\n`;
  assert.equal(await readOf([said + REMOVED, REFUSED], { follow: true }), said);
});
