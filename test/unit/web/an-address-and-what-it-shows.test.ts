import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jobHref, listHref, routeOf } from '../../../web/state/route.ts';

test('an address that means nothing shows the list', () => {
  for (const hash of ['', '#', '#/', '#/elsewhere', '#/jobs/']) assert.equal(routeOf(hash).page, 'jobs', hash);
});

test('the address of a job leads back to it, whatever its name', () => {
  for (const id of ['a-job', '6c0c5d0e-6f5e-4b57-9a4b-5b6d1d1d6b3f', 'a/b?c#d'])
    assert.deepEqual(routeOf(jobHref(id)), { page: 'job', id });
});

test('the address of a list holds its filters, and leaves empty ones out', () => {
  assert.equal(listHref({ status: '', name: '' }), '#/');
  const route = routeOf(listHref({ status: 'failed', name: '', label: 'team=a&b' }));
  assert.ok(route.page === 'jobs');
  assert.deepEqual(Object.fromEntries(route.query), { status: 'failed', label: 'team=a&b' });
});

test('a form may be filled in by a job that was', () => {
  assert.deepEqual(routeOf('#/new'), { page: 'new', from: undefined });
  assert.deepEqual(routeOf('#/new?from=a'), { page: 'new', from: 'a' });
});
