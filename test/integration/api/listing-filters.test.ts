import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { startApi } from '../../support/api-server.ts';
import { aJob } from '../../support/job-builder.ts';

const JOBS = [
  { name: 'train-1', created: 10, labels: { team: 'red', 'example.org/tier': 'gold' } },
  { name: 'train-2', created: 20, labels: { team: 'red', note: 'a=b' } },
  { name: 'trainer', created: 30, labels: { team: 'blue', tier: 'gold', note: '' } },
  { name: 'score-1', created: 40 },
];

/** A list of four jobs; the answer is a function that names those which a query selects. */
async function startList(context: TestContext) {
  const api = await startApi(context);
  for (const { name, created, labels } of JOBS) {
    await api.store.record(aJob({ name, created, parameters: { docker_image: 'i', ...(labels && { labels }) } }));
  }
  return async (query: string) => {
    const { data } = await api.call('GET', `/batch/?status=all&${query}`);
    return (data as { name: string }[]).map(({ name }) => name);
  };
}

describe('a filter of a list', () => {
  test('takes the first characters of a name, and no pattern', async (context) => {
    const names = await startList(context);
    assert.deepEqual(await names('name_prefix=train-'), ['train-2', 'train-1']);
    assert.deepEqual(await names('name_prefix=train'), ['trainer', 'train-2', 'train-1']);
    assert.deepEqual(await names('name_prefix=rain'), []);
    assert.deepEqual(await names('name_prefix='), ['score-1', 'trainer', 'train-2', 'train-1']);
  });

  test('takes labels, which must all hold', async (context) => {
    const names = await startList(context);
    assert.deepEqual(await names('label=team=red'), ['train-2', 'train-1']);
    assert.deepEqual(await names('label=team%3Dred&label=example.org/tier=gold'), ['train-1']);
    assert.deepEqual(await names('label=team=red&label=team=blue'), []);
    assert.deepEqual(await names('label=note='), ['trainer']);
    assert.deepEqual(await names('label=note=a=b'), ['train-2']);
    assert.deepEqual(await names('label=team=re'), []);
  });

  test('takes times, which are left out themselves', async (context) => {
    const names = await startList(context);
    assert.deepEqual(await names('created_after=10&created_before=40'), ['trainer', 'train-2']);
    assert.deepEqual(await names('created_after=40'), []);
    assert.deepEqual(await names('created_before=20'), ['train-1']);
  });

  test('holds beside the others, and beside the cursor', async (context) => {
    const names = await startList(context);
    assert.deepEqual(await names('name_prefix=train&label=team=red&created_after=10'), ['train-2']);
  });

  test('is refused when it is not one, all faults at once', async (context) => {
    const api = await startApi(context);
    const query = 'name_prefix=A*&label=team&label=a=1&created_after=-1&created_before=soon&colour=red';
    const { status, data } = await api.call('GET', `/batch/?${query}`);
    assert.equal(status, 400);
    assert.deepEqual(Object.keys(data).sort(), ['colour', 'created_after', 'created_before', 'label', 'name_prefix']);
    assert.equal((data as Record<string, string>)['colour'], 'Unknown parameter');
    assert.equal((data as Record<string, string>)['label'], 'Must be key=value');
  });
});
