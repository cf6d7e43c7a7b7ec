import assert from 'node:assert/strict';
import { test } from 'node:test';
import { claimOf, jobOf, secretOf } from '../../../cluster/instance.ts';
import { JOB_ID_LABEL } from '../../../cluster/names.ts';

const LABEL = 'app.kubernetes.io/instance';
const claim = { metadata: { name: 'claim', labels: { a: 'b' } }, spec: { volumeName: 'v' } };
const job = { metadata: { name: 'job' }, spec: { suspend: true, template: { metadata: { labels: { a: 'b' } } } } };

test('without a name of the deployment an object stays as it is', () => {
  assert.deepEqual(claimOf(undefined, claim), claim);
  assert.deepEqual(jobOf(undefined, job), job);
  assert.deepEqual(claimOf(undefined, {}), { metadata: {} });
});

test('a claim says of which deployment it is, beside its other labels', () => {
  const labels = { a: 'b', [LABEL]: 'blue' };
  assert.deepEqual(claimOf('blue', claim), { ...claim, metadata: { name: 'claim', labels } });
});

test('a Job and its pod say it both', () => {
  assert.deepEqual(jobOf('blue', job), {
    metadata: { name: 'job', labels: { [LABEL]: 'blue' } },
    spec: { suspend: true, template: { metadata: { labels: { a: 'b', [LABEL]: 'blue' } } } },
  });
  assert.deepEqual(jobOf('blue', {}), { metadata: { labels: { [LABEL]: 'blue' } } });
});

test('a Secret of one job says it, and one that all jobs share does not, as it is of no deployment', () => {
  const shared = { metadata: { name: 'bucket', labels: { a: 'b' } } };
  assert.deepEqual(secretOf('blue', shared), shared);
  assert.deepEqual(secretOf('blue', {}), {});
  const labels = { [JOB_ID_LABEL]: 'id' };
  const own = { metadata: { name: 'own', labels } };
  assert.deepEqual(secretOf('blue', own), { metadata: { name: 'own', labels: { ...labels, [LABEL]: 'blue' } } });
  assert.deepEqual(secretOf(undefined, own), own);
});
