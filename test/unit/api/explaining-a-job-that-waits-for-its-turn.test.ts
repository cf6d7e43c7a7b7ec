import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pino } from 'pino';
import { createExplainJob } from '../../../api/explain.ts';
import { aJob } from '../../support/job-builder.ts';

test('a job that waits for its turn says so, and the cluster is not asked', async () => {
  const away = () => Promise.reject(new Error('away'));
  const explain = createExplainJob({
    cluster: { listPods: away, findJob: away, listEvents: away, listObjects: away },
    readLog: away,
    workflows: { failingStep: away, forcedEnd: () => Promise.resolve(undefined) },
    logger: pino({ level: 'silent' }),
  });
  assert.match((await explain(aJob({ phase: 'queued' }))) ?? '', /its turn/);
});
