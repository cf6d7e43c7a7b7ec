import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startOutcomeOf } from '../../../api/batch/outcome.ts';
import { JOB_STATUSES } from '../../../workflows/contract.ts';
import type { Failure, JobPhase } from '../../../workflows/contract.ts';
import { aJob } from '../../support/job-builder.ts';

const failedIn = (phase: JobPhase): Failure => ({ reason: 'Unknown', phase, message: '', retryable: false });

describe('the answer to a POST', () => {
  for (const status of JOB_STATUSES) {
    const isInstant = !['created', 'running'].includes(status);
    test(`${isInstant ? 'says that the job finished instantly' : 'says nothing'} when the job is ${status}`, () => {
      const message = isInstant ? 'Job x finished instantly' : '';
      assert.deepEqual(startOutcomeOf(aJob({ id: 'x', status })), { kind: 'accepted', message });
    });
  }

  test('is an error with the answer of the cluster, when that refused the job', () => {
    const clusterResponse = { kind: 'Status', code: 403 };
    const outcome = startOutcomeOf(aJob({ status: 'failed', failure: failedIn('preparing'), clusterResponse }));
    assert.deepEqual(outcome, {
      kind: 'refused',
      message: 'Got unexpected response while waiting for job to start',
      evidence: { cluster_response: clusterResponse },
    });
  });

  test('is an error with the pod, when that could not start', () => {
    const clusterResponse = { kind: 'Pod', status: {} };
    const outcome = startOutcomeOf(aJob({ status: 'failed', failure: failedIn('starting'), clusterResponse }));
    assert.deepEqual(outcome.kind === 'refused' && outcome.evidence, { last_pod_response: clusterResponse });
  });

  test('is an error when the job was ended by force before its turn came', () => {
    assert.equal(startOutcomeOf(aJob({ status: 'failed', failure: failedIn('queued') })).kind, 'refused');
  });

  for (const phase of ['downloading', 'running', 'uploading', 'deleting'] as const) {
    test(`is no error when the job itself failed while ${phase}`, () => {
      assert.equal(startOutcomeOf(aJob({ status: 'failed', failure: failedIn(phase) })).kind, 'accepted');
    });
  }
});
