import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { NameTakenError } from '../../../store/errors.ts';
import { createStore } from '../../../store/store.ts';
import { required } from '../../support/environment.ts';
import { aJob } from '../../support/job-builder.ts';
import { openStore } from '../../support/open-store.ts';

describe('the mirror of a job', () => {
  test('never goes back, whatever the order of the writes', async (context) => {
    const store = await openStore(context);
    const job = aJob();
    const answers = [];
    for (const revision of [1, 0, 3, 2, 3]) answers.push(await store.record({ ...job, revision }));
    assert.deepEqual(answers, ['written', 'stale', 'written', 'stale', 'stale']);
    assert.equal((await store.find(job.id))?.revision, 3);
  });

  test('ends at the last revision when all are written at once', async (context) => {
    const store = await openStore(context);
    for (let round = 0; round < 5; round++) {
      const job = aJob();
      const revisions = [5, 0, 9, 3, 9, 1, 7, 2, 8, 4, 6];
      const answers = await Promise.all(revisions.map((revision) => store.record({ ...job, revision })));
      assert.equal((await store.find(job.id))?.revision, 9);
      assert.equal(answers.filter((answer, at) => revisions[at] === 9 && answer === 'written').length, 1);
    }
  });

  test('is replaced whole: what is gone in the new revision is gone', async (context) => {
    const store = await openStore(context);
    const job = aJob({ exitCode: 1, clusterResponse: { kind: 'Pod' } });
    await store.record(job);
    const next = aJob({ id: job.id, name: job.name, revision: 1 });
    await store.record(next);
    assert.deepEqual(await store.find(job.id), next);
  });

  test('refuses the name of another job', async (context) => {
    const store = await openStore(context);
    await store.record(aJob({ name: 'same' }));
    await assert.rejects(store.record(aJob({ name: 'same' })), NameTakenError);
    assert.equal((await store.list({ statuses: 'all', limit: 10 })).length, 1);
  });

  test('keeps keys that a server may refuse', async (context) => {
    const store = await openStore(context);
    const environment_variables = { 'a.b': '1', $c: '2', 'd e': '3', '%2E': '4' };
    const clusterResponse = { metadata: { managedFields: [{ '.': {}, 'f:x.y': { $z: null } }] } };
    const job = aJob({ parameters: { docker_image: 'i', environment_variables }, clusterResponse });
    await store.record(job);
    assert.deepEqual(await store.find(job.name), job);
  });

  test('may be opened again and again, by several processes at once', async (context) => {
    const job = aJob();
    const options = { uri: required('MONGODB_URI'), database: `test_${job.id.slice(0, 8)}` };
    const stores = await Promise.all([1, 2, 3].map(() => createStore(options)));
    context.after(() => Promise.all(stores.map((store) => store.close())));
    const answers = await Promise.all(stores.map((store) => store.record(job)));
    assert.deepEqual(answers.sort(), ['stale', 'stale', 'written']);
  });
});
