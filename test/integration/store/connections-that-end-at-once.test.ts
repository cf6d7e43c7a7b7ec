import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { isStoreUnavailable } from '../../../store/errors.ts';
import { createStore } from '../../../store/store.ts';
import { required } from '../../support/environment.ts';
import { aJob } from '../../support/job-builder.ts';
import { createProxy } from '../../support/proxy.ts';

const ROUNDS = 12;
const CALLERS = 12;
const BACK_MS = 40_000;

test('a store whose connections all end at one moment, again and again, answers when that is over', async (context) => {
  const proxy = await createProxy(context, Number(new URL(required('MONGODB_URI')).port));
  const job = aJob();
  const store = await createStore({
    uri: `mongodb://127.0.0.1:${proxy.port}`,
    database: `test_${randomUUID().slice(0, 8)}`,
  });
  context.after(() => store.close());
  await store.record(job);

  const over = new AbortController();
  const ask = async () => {
    while (!over.signal.aborted) {
      await store.find(job.id).catch((error: unknown) => assert.ok(isStoreUnavailable(error), String(error)));
      await sleep(Math.random() * 40);
    }
  };
  const callers = Array.from({ length: CALLERS }, ask);
  for (let round = 0; round < ROUNDS; round++) {
    await sleep(400 + Math.random() * 600);
    proxy.end();
  }
  over.abort();
  await Promise.all(callers);

  const giveUpMs = Date.now() + BACK_MS;
  while ((await store.find(job.id).catch(() => undefined)) === undefined) assert.ok(Date.now() < giveUpMs);
});
