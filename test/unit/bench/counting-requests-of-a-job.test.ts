import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JOB_ID_LABEL, OURS_SELECTOR, selectorOf } from '../../../cluster/names.ts';
import { isOfAJob } from '../../bench/of-a-job.ts';
import { aRequest } from '../../support/objects.ts';

const PODS = '/api/v1/namespaces/jobs/pods';
const LEASES = '/apis/coordination.k8s.io/v1/namespaces/jobs/leases';

test('what a job makes, looks for and deletes counts, and who follows its log', () => {
  const ofIt = new URLSearchParams({ labelSelector: selectorOf(aRequest()) });
  assert.ok(isOfAJob({ method: 'POST', url: PODS }));
  assert.ok(isOfAJob({ method: 'GET', url: `${PODS}?${ofIt}` }));
  assert.ok(isOfAJob({ method: 'DELETE', url: `${PODS}?${ofIt}` }));
  assert.ok(isOfAJob({ method: 'GET', url: `${PODS}/words-x7k2p` }));
  assert.ok(isOfAJob({ method: 'GET', url: `${PODS}/words-x7k2p/log?container=task&follow=true` }));
  assert.ok(isOfAJob({ method: 'GET', url: '/api/v1/namespaces/jobs/events?fieldSelector=involvedObject.uid=1' }));
});

test('watches, the lease and lists of all jobs do not count', () => {
  const ofAll = [OURS_SELECTOR, `${OURS_SELECTOR},${JOB_ID_LABEL}`];
  const lists = ofAll.map((labelSelector) => `${PODS}?${new URLSearchParams({ labelSelector })}`);
  const watch = `${PODS}?${new URLSearchParams({ labelSelector: selectorOf(aRequest()), watch: 'true' })}`;
  const counted = [...lists, watch, `${LEASES}/watcher`].filter((url) => isOfAJob({ method: 'GET', url }));
  assert.deepEqual(counted, []);
  assert.equal(isOfAJob({ method: 'POST', url: LEASES }), false);
});
