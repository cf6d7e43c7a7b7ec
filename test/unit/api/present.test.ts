import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { presentJob } from '../../../api/present.ts';
import { aJob, aSucceededJob } from '../../support/job-builder.ts';

describe('a job as clients see it', () => {
  test('has the fields of the public contract, and ours', () => {
    const presented = presentJob(aSucceededJob({ id: 'i', name: 'n' }), 'https://signed');
    assert.deepEqual(presented, {
      created: 1527121792553,
      id: 'i',
      job_parameters: { docker_image: 'python' },
      name: 'n',
      output_file_url: 'https://signed',
      start_time: 1527121793000,
      status: 'succeeded',
      stop_time: 1527121886591,
      phase: 'ended',
      exit_code: 0,
      output: { bytes: 22, files: 0, crc32c: 'AAAAAA==', complete: true },
      workflow_id: 'batch-job/n',
      kill_requested: false,
    });
  });

  test('lacks what is not known yet', () => {
    const { id, name } = aJob();
    assert.deepEqual(Object.keys(presentJob(aJob({ id, name }))).sort(), [
      'created',
      'id',
      'job_parameters',
      'kill_requested',
      'name',
      'phase',
      'status',
      'workflow_id',
    ]);
  });

  test('has nothing of a sensitive value, in whatever form', () => {
    const environment_variables = { A: 'a', B: { secret: 'b/c' }, C: { sealed: 'canary' } };
    const { job_parameters } = presentJob(aJob({ parameters: { docker_image: 'python', environment_variables } }));
    assert.deepEqual(job_parameters.environment_variables, { A: 'a', B: { secret: 'b/c' }, C: { sensitive: true } });
  });

  test('says why it failed in the words of the interface', () => {
    const failure = {
      reason: 'OOMKilled',
      phase: 'running',
      message: 'm',
      container: 'task',
      exitCode: 137,
      retryable: false,
    } as const;
    assert.deepEqual(presentJob(aJob({ status: 'failed', failure })).failure, {
      reason: 'OOMKilled',
      phase: 'running',
      container: 'task',
      exit_code: 137,
      message: 'm',
      retryable: false,
    });
  });

  test('keeps the mirror to itself', () => {
    const job = aJob({ revision: 77, logObjects: { task: 'secret-log' }, clusterResponse: { kind: 'Pod' } });
    const text = JSON.stringify(presentJob(job));
    assert.ok(!/:77\b|secret-log|Pod|revision/.test(text), text);
  });
});
