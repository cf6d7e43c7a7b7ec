import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { pino } from 'pino';
import type { ActivityDeps } from '../../../activities/deps.ts';
import type { Cluster } from '../../../cluster/client.ts';
import { createReadStampedLog } from '../../../cluster/follow-log.ts';
import type { ObservedStage } from '../../../workflows/observation.ts';
import { createLogKeeper } from '../../../worker/log-keeper.ts';
import { anObservation, aPod, ended, running } from '../../support/objects.ts';

const STAMP = '2026-11-24T18:31:11.1Z';

/** A keeper of the log of one task, of which each stream says `text`; what it asked, and what it wrote. */
function aKeeper(text: string, hasEnded: () => boolean) {
  const asked: string[] = [];
  const written: string[] = [];
  const cluster: Pick<Cluster, 'findPod'> = {
    findPod: () => (asked.push('pod'), Promise.resolve(aPod({ main: hasEnded() ? ended(0) : running }))),
  };
  const readLog = (_pod: string, _container: string, { follow = false } = {}) => {
    asked.push(follow ? 'stream' : 'log');
    return Promise.resolve(Readable.from([Buffer.from(text)]));
  };
  const bucket = {
    list: () => Promise.resolve([]),
    write: (object: string) => Promise.resolve(void written.push(object)),
    stat: () => Promise.resolve(undefined),
  } as unknown as ActivityDeps['bucket'];
  const logger = pino({ level: 'silent' });
  const stop = new AbortController();
  const keep = createLogKeeper({ readStampedLog: createReadStampedLog(readLog, cluster), bucket, logger }, stop.signal);
  const see = (stage: ObservedStage) => keep('words', anObservation({ stage }));
  return { see, stop, asked, written };
}

async function until(isSo: () => boolean): Promise<void> {
  for (const endMs = Date.now() + 10_000; !isSo(); await sleep(10)) assert.ok(Date.now() < endMs);
}

test('a short log of a task that is seen to have ended costs one request', async () => {
  const { see, asked, written } = aKeeper(`${STAMP} said\n`, () => true);
  see('running');
  see('running');
  await sleep(100);
  see('succeeded');
  await sleep(2_200);
  assert.deepEqual([asked, written], [['stream'], []]);
});

test('a stream that ends while the task runs is opened again', async () => {
  const { see, stop, asked } = aKeeper(`${STAMP} said\n`, () => false);
  see('running');
  await until(() => asked.length >= 3);
  assert.deepEqual(asked.slice(0, 3), ['stream', 'pod', 'stream']);
  stop.abort();
});

test('a task whose end nobody sees is asked for', async () => {
  const { see, asked, written } = aKeeper(`${STAMP} said\n`, () => true);
  see('running');
  await until(() => asked.length >= 3);
  assert.deepEqual([asked, written], [['stream', 'pod', 'log'], []]);
});

test('a long log is read to its end, although the task is seen to have ended', async () => {
  const { see, asked, written } = aKeeper(`${STAMP} ${'x'.repeat(1024 ** 2)}\n`, () => true);
  see('running');
  see('succeeded');
  await until(() => written.some((object) => !object.endsWith('0')));
  assert.deepEqual(asked, ['stream', 'pod', 'log']);
  assert.equal(written.length, 2);
});
