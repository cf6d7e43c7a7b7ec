import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startApi } from '../../support/api-server.ts';
import type { Answer, TestApi } from '../../support/api-server.ts';
import { aJob } from '../../support/job-builder.ts';

const nextOf = ({ headers }: Answer) => /^<([^>]+)>; rel="next"$/.exec(headers.get('link') ?? '')?.[1];
const idsOf = ({ data }: Answer) => (data as { id: string }[]).map(({ id }) => id);

/** Walks from the first page to the last; `between` happens after each page. */
async function walk(api: TestApi, path: string, between: () => Promise<unknown> = () => Promise.resolve()) {
  const pages: string[][] = [];
  for (let next: string | undefined = path; next !== undefined;) {
    const answer = await api.call('GET', next);
    pages.push(idsOf(answer));
    await between();
    next = nextOf(answer);
  }
  return pages;
}

describe('the pages of a list', () => {
  test('show each old job once while new ones are added, whether or not they share a millisecond', async (context) => {
    const api = await startApi(context);
    const jobs = Array.from({ length: 11 }, (_, at) => aJob({ created: 100 + Math.floor(at / 4) }));
    for (const job of jobs) await api.store.record(job);
    const pages = await walk(api, '/batch/?status=all&limit=3', () => api.store.record(aJob({ created: 200 })));
    const newestFirst = jobs.toSorted((a, b) => b.created - a.created || (a.id < b.id ? 1 : -1));
    assert.deepEqual(
      pages.flat(),
      newestFirst.map(({ id }) => id),
    );
    assert.deepEqual(
      pages.map(({ length }) => length),
      [3, 3, 3, 2],
    );
  });

  test('keep every other parameter of the query', async (context) => {
    const api = await startApi(context);
    const labels = { a: '1', b: '2' };
    const parameters = { docker_image: 'python', labels };
    for (const name of ['x-1', 'x-2', 'y-3']) await api.store.record(aJob({ name, created: 5, parameters }));
    const query = '?status=created,failed&limit=1&name_prefix=x-&label=a=1&label=b=2&created_after=4&created_before=6';
    const next = new URL(nextOf(await api.call('GET', `/batch/${query}`)) ?? '', api.url);
    const cursor = next.searchParams.get('cursor');
    next.searchParams.delete('cursor');
    assert.deepEqual([...next.searchParams], [...new URLSearchParams(query)]);
    assert.match(cursor ?? '', /^[\w-]+$/);
    assert.equal((await walk(api, `/batch/${query}`)).flat().length, 2);
  });

  test('end before they become large', async (context) => {
    const api = await startApi(context);
    const command = Array<string>(2).fill('x'.repeat(500_000));
    const jobs = Array.from({ length: 12 }, (_, at) =>
      aJob({ created: at, parameters: { docker_image: 'a', command } }),
    );
    for (const job of jobs) await api.store.record(job);
    const pages = await walk(api, '/batch/?status=all&limit=1000');
    assert.deepEqual(
      pages.map(({ length }) => length),
      [9, 3],
    );
    assert.deepEqual(pages.flat(), jobs.map(({ id }) => id).toReversed());
  });

  test('end with one that is not full', async (context) => {
    const api = await startApi(context);
    assert.equal((await api.call('GET', '/batch/?status=all')).headers.get('link'), null);
    for (const name of ['a', 'b']) await api.store.record(aJob({ name }));
    const pages = await walk(api, '/batch/?status=all&limit=2');
    assert.deepEqual(
      pages.map(({ length }) => length),
      [2, 0],
    );
  });

  test('go on after a job that is no longer in the list', async (context) => {
    const api = await startApi(context);
    const jobs = [3, 2, 1].map((created) => aJob({ created, status: 'running' }));
    for (const job of jobs) await api.store.record(job);
    const [first, second, third] = jobs;
    const pages = await walk(api, '/batch/?limit=1', () =>
      api.store.record({ ...(first as NonNullable<typeof first>), revision: 1, status: 'killed' }),
    );
    assert.deepEqual(pages, [[first?.id], [second?.id], [third?.id], []]);
  });

  for (const cursor of ['', 'x', 'MTUyNzEyMTc5MjU1Mw', '%00', '{"$gt":""}']) {
    test(`are not reached by the cursor ${JSON.stringify(cursor)}`, async (context) => {
      const api = await startApi(context);
      const { status, error, data } = await api.call('GET', `/batch/?cursor=${encodeURIComponent(cursor)}`);
      assert.deepEqual([status, error, Object.keys(data)], [400, 'InvalidParameters', ['cursor']]);
    });
  }
});
