import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { MongoClient } from 'mongodb';
import type { Db } from 'mongodb';
import { filterOf, NEWEST_FIRST } from '../../../store/selection.ts';
import type { JobSelection } from '../../../store/selection.ts';
import { createStore } from '../../../store/store.ts';
import { required } from '../../support/environment.ts';
import { aJob } from '../../support/job-builder.ts';

const after = { created: 5, id: randomUUID() };

const SELECTIONS: Readonly<Record<string, Omit<JobSelection, 'limit'>>> = {
  'of some statuses': { statuses: ['running', 'failed'], after },
  'of all jobs': { statuses: 'all' },
  'of a later page': { statuses: 'all', after },
  'of labels': { statuses: 'all', labels: ['a=1', 'b=2'], after },
  'of a name': { statuses: 'all', namePrefix: 'job-', after },
  'of some time': { statuses: 'all', createdAfter: 1, createdBefore: 9, after },
};

/** The database of a store that holds some jobs. */
async function openDatabase(context: TestContext): Promise<Db> {
  const options = { uri: required('MONGODB_URI'), database: `test_${randomUUID().slice(0, 8)}` };
  const store = await createStore(options);
  const client = new MongoClient(options.uri);
  context.after(async () => {
    await client.db(options.database).dropDatabase();
    await Promise.all([client.close(), store.close()]);
  });
  for (let created = 0; created < 10; created++) await store.record(aJob({ created, status: 'running' }));
  return client.db(options.database);
}

describe('a list', () => {
  test('has an index for its order, alone and behind each of status, labels and owner', async (context) => {
    const indexes = await (await openDatabase(context)).collection('jobs').indexes();
    const keys = indexes.map(({ key }) => Object.entries(key as Record<string, number>).join(' '));
    for (const key of ['', 'job.status,1 ', 'labelPairs,1 ', 'job.owner,1 ']) {
      assert.ok(keys.includes(`${key}job.created,-1 _id,-1`), key);
    }
    assert.ok(keys.includes('job.name,1'));
  });

  test('is read by an index, whatever is selected, where the server plans its queries', async (context) => {
    const database = await openDatabase(context);
    // FerretDB 1.24 on SQLite scans the collection for all but a single _id, whatever it is asked: it has no plan to look at.
    if ('ferretdbVersion' in (await database.command({ buildInfo: 1 }))) return;
    for (const [which, selection] of Object.entries(SELECTIONS)) {
      const plan = await planOf(database, selection);
      assert.ok(plan.includes('"IXSCAN"') && !plan.includes('"COLLSCAN"'), `a list ${which}: ${plan}`);
    }
  });
});

async function planOf(database: Db, selection: Omit<JobSelection, 'limit'>): Promise<string> {
  const filter = filterOf({ ...selection, limit: 3 }) as object;
  const explained = await database.collection('jobs').find(filter).sort(NEWEST_FIRST).limit(3).explain('queryPlanner');
  return JSON.stringify((explained['queryPlanner'] as Record<string, unknown>)['winningPlan']);
}
