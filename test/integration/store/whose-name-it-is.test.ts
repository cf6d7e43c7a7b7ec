import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { createConnection } from '../../../store/connection.ts';
import { NameTakenError } from '../../../store/errors.ts';
import { createNames } from '../../../store/names.ts';
import type { NameDocument } from '../../../store/names.ts';
import { aJob } from '../../support/job-builder.ts';
import { openStore, ownDatabase } from '../../support/open-store.ts';

function openNames(context: TestContext, options = ownDatabase(context)) {
  const connection = createConnection(options);
  context.after(() => connection.close());
  return createNames((deed) => connection.use((opened) => deed(opened.collection<NameDocument>('names'))));
}

const all = () => Promise.resolve(true);
const none = () => Promise.resolve(false);

test('a name belongs to the job that took it, however often it takes it', async (context) => {
  const names = openNames(context);
  assert.equal(await names.find('mine'), undefined);
  for (let time = 0; time < 2; time += 1) await names.take('mine', 'one', none);
  assert.equal(await names.find('mine'), 'one');
});

test('the name of a job that is mirrored is refused', async (context) => {
  const names = openNames(context);
  await names.take('mine', 'one', none);
  await assert.rejects(names.take('mine', 'two', all), NameTakenError);
  assert.equal(await names.find('mine'), 'one');
});

test('a name that was taken for a job that was never written goes to the next', async (context) => {
  const names = openNames(context);
  await names.take('mine', 'one', none);
  await names.take('mine', 'two', none);
  assert.equal(await names.find('mine'), 'two');
});

test('of many who take a name at once for jobs that are written one gets it', async (context) => {
  const names = openNames(context);
  const takers = ['one', 'two', 'three', 'four', 'five'];
  const outcomes = await Promise.allSettled(takers.map((taker) => names.take('mine', taker, all)));
  const winners = takers.filter((_, at) => outcomes[at]?.status === 'fulfilled');
  assert.deepEqual(winners, [await names.find('mine')]);
});

test('a job is found by its name, although one that was never written took it after', async (context) => {
  const options = ownDatabase(context);
  const [store, names] = [await openStore(context, options), openNames(context, options)];
  const job = aJob();
  await store.record(job);
  await names.take(job.name, 'another', none);
  assert.deepEqual(await store.find(job.name), job);
});

test('a name that nobody chose costs no document, belongs to one job all the same, and finds it', async (context) => {
  const options = ownDatabase(context);
  const [store, names] = [await openStore(context, options), openNames(context, options)];
  const job = aJob({ name: 'python-1527121792553', created: 1_527_121_792_553 });
  await store.record(job);
  assert.equal(await names.find(job.name), undefined);
  assert.deepEqual(await store.find(job.name), job);
  for (const created of [job.created, 1_600_000_000_000])
    for (const revision of [0, 3])
      await assert.rejects(store.record(aJob({ name: job.name, created, revision })), NameTakenError);
  assert.deepEqual(await store.find(job.name), job);
});
