import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { MongoClient } from 'mongodb';
import { isDuplicateKey, isStoreUnavailable, NameTakenError } from '../../../store/errors.ts';
import { createInserts } from '../../../store/inserts.ts';
import { aJob } from '../../support/job-builder.ts';
import { openStore, ownDatabase } from '../../support/open-store.ts';
import { createProxy } from '../../support/proxy.ts';

interface Row {
  readonly _id: number;
}

/** A collection of its own, and how many inserting commands have been sent to it. */
function openRows(context: TestContext) {
  const { uri, database } = ownDatabase(context);
  const client = new MongoClient(uri, { monitorCommands: true });
  context.after(() => client.close());
  const rows = client.db(database).collection<Row>('rows');
  let commands = 0;
  client.on('commandStarted', ({ commandName }) => void (commands += commandName === 'insert' ? 1 : 0));
  const insert = createInserts<Row>((deed) => deed(rows));
  const ids = async () => (await rows.find().sort({ _id: 1 }).toArray()).map(({ _id }) => _id);
  return { rows, insert, ids, commands: () => commands };
}

const IDS = [1, 2, 3, 4, 5, 6, 7, 8];

describe('inserts of one moment', () => {
  test('go in one command', async (context) => {
    const { insert, ids, commands } = openRows(context);
    await Promise.all(IDS.map((_id) => insert({ _id })));
    assert.deepEqual(await ids(), IDS);
    assert.equal(commands(), 1);
  });

  test('do not wait for the answer to those before them', async (context) => {
    const { rows, ids } = openRows(context);
    const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
    const waits = [answered];
    const insert = createInserts<Row>(async (deed) => (await waits.pop(), await deed(rows)));
    const first = insert({ _id: 1 });
    await new Promise(setImmediate);
    await Promise.all([insert({ _id: 2 }), insert({ _id: 3 })]);
    assert.deepEqual(await ids(), [2, 3]);
    answer();
    await first;
    assert.deepEqual(await ids(), [1, 2, 3]);
  });

  test('are there but for those that the server refuses, each of which hears so', async (context) => {
    const { insert, ids } = openRows(context);
    await insert({ _id: 3 });
    await insert({ _id: 6 });
    const answers = await Promise.allSettled(IDS.map((_id) => insert({ _id })));
    const refused = IDS.filter((_, at) => {
      const answer = answers[at];
      return answer?.status === 'rejected' && isDuplicateKey(answer.reason);
    });
    assert.deepEqual(refused, [3, 6]);
    assert.deepEqual(await ids(), IDS);
  });

  test('are refused one by one when each is alone', async (context) => {
    const { insert } = openRows(context);
    await insert({ _id: 1 });
    await assert.rejects(insert({ _id: 1 }), isDuplicateKey);
  });

  test('all hear so when their command fails, and the next ones go through', async (context) => {
    const { rows, ids } = openRows(context);
    const away = new Error('away');
    const errors = [away];
    const insert = createInserts<Row>(async (deed) => {
      for (const error of errors.splice(0)) throw error;
      return await deed(rows);
    });
    const told = await Promise.allSettled(IDS.map((_id) => insert({ _id })));
    assert.ok(told.every((answer) => answer.status === 'rejected' && answer.reason === away));
    await insert({ _id: 1 });
    assert.deepEqual(await ids(), [1]);
  });
});

for (const name of ['chosen', `derived-${aJob().created}`])
  test(`of jobs that are recorded at one moment, one alone has the name ${name}`, async (context) => {
    const store = await openStore(context);
    const jobs = [aJob(), ...IDS.map(() => aJob({ name })), aJob()];
    const answers = await Promise.allSettled(jobs.map((job) => store.record(job)));
    const refused = answers.filter((answer) => answer.status === 'rejected');
    assert.equal(refused.length, IDS.length - 1);
    for (const { reason } of refused) assert.ok(reason instanceof NameTakenError);
    assert.equal((await store.list({ statuses: 'all', limit: 20 })).length, 3);
  });

test('jobs that are recorded at one moment while MongoDB is away are told so, each of them', async (context) => {
  const { uri, database } = ownDatabase(context);
  const proxy = await createProxy(context, Number(new URL(uri).port));
  const store = await openStore(context, { uri: `mongodb://127.0.0.1:${proxy.port}`, database });
  // Names that nobody chose: the first write of each of these jobs is that of its row.
  const jobs = IDS.map((id) => aJob({ name: `derived-${aJob().created + id}`, created: aJob().created + id }));
  proxy.close();
  const answers = await Promise.allSettled(jobs.map((job) => store.record(job)));
  for (const answer of answers)
    assert.ok(answer.status === 'rejected' && isStoreUnavailable(answer.reason), JSON.stringify(answer));
  proxy.open();
  assert.deepEqual(await Promise.all(jobs.map((job) => store.record(job))), Array(IDS.length).fill('written'));
});
