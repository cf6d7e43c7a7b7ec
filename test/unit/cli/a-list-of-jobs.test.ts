import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { formatJobs } from '../../../cli/show/formats.ts';
import { aClientJob, aFailedClientJob } from '../../support/client-jobs.ts';

const NOW_MS = 1_700_000_000_000;
const JOBS = [
  aClientJob({
    name: 'one',
    status: 'running',
    phase: 'running',
    created: NOW_MS - 90_000,
    startTime: NOW_MS - 80_000,
  }),
  aFailedClientJob(
    {},
    {
      name: 'another',
      created: NOW_MS - 3_600_000,
      startTime: NOW_MS - 3_600_000,
      stopTime: NOW_MS - 3_595_000,
      exitCode: 1,
    },
  ),
];

test('a person reads columns that stand one below the other', () => {
  assert.equal(
    formatJobs(JOBS, 'table', NOW_MS),
    [
      'NAME      STATUS    PHASE     AGE      TOOK     EXIT   REASON',
      'one       running   running   1m 30s   1m 20s   -      -',
      'another   failed    ended     1h       5s       1      UserError',
      '',
    ].join('\n'),
  );
});

test('a script reads names, JSON or YAML', () => {
  assert.equal(formatJobs(JOBS, 'name', NOW_MS), 'one\nanother\n');
  assert.deepEqual(JSON.parse(formatJobs(JOBS, 'json', NOW_MS)), JOBS);
  assert.deepEqual(parse(formatJobs(JOBS, 'yaml', NOW_MS)), JSON.parse(JSON.stringify(JOBS)));
});

test('of no jobs a person reads nothing, and a script an empty list', () => {
  assert.equal(formatJobs([], 'table', NOW_MS), '');
  assert.equal(formatJobs([], 'json', NOW_MS), '[]\n');
});
