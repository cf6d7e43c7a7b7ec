import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultPayloadConverter } from '@temporalio/common';
import type { History } from '../../activities/job-history.ts';
import type { Job } from '../../workflows/contract.ts';
import { workflowIdOf } from '../../workflows/names.ts';
import { aName, logOf, runJob, shellJob, submit, until, untilEnded } from '../support/job-client.ts';
import { standardMode } from '../support/standard-mode.ts';
import { showHistory, stepsIn } from '../support/told-steps.ts';
import { runTool } from '../support/tools.ts';
import { variants } from '../support/variants.ts';
import { assertWorldAfter } from '../support/world.ts';
import { zipOf } from '../support/zip-entries.ts';

variants('claims', 'one-pod');

/** Steps in the order of the story; those of one line go side by side. */
const STORIES = {
  persistent: [['secret', 'upload', 'volumes'], ['deploy'], ['cleanup', 'logs'], ['logs', 'publish'], ['delete']],
  ephemeral: [['secret', 'upload'], ['deploy'], ['logs'], ['logs', 'publish'], ['delete']],
};
const STORY = STORIES[standardMode()];

type HistoryEvent = NonNullable<History['events']>[number];

function summaryOf({ userMetadata }: HistoryEvent): unknown {
  return userMetadata?.summary && defaultPayloadConverter.fromPayload(userMetadata.summary);
}

test('the history names every step of a job by its verb, and the job itself by name and image', async () => {
  const job = await runJob(aName('story'), shellJob('cp /input/a /output/a'), await zipOf({ a: { content: 'a' } }));
  assert.equal(job.status, 'succeeded', JSON.stringify(job));

  const history = await showHistory(job.name);
  const told = stepsIn(history).filter(({ name }) => name !== 'record');
  const groups = STORY.map((group, at) => {
    const from = STORY.slice(0, at).flat().length;
    return told
      .slice(from, from + group.length)
      .map(({ name }) => name)
      .toSorted();
  });
  assert.deepEqual(groups, STORY);
  assert.equal(told.length, STORY.flat().length);
  const [first, ...others] = history.events ?? [];
  assert.match(String(first && summaryOf(first)), new RegExp(job.name));
  // A try within a workflow task is a marker of the SDK, whose summary says what it was.
  const summaries = new Set(others.map(summaryOf).filter((summary) => summary !== undefined));
  const local = new Set(stepsIn(history).flatMap(({ name, isLocal }) => (isLocal ? [`${name} ${job.name}`] : [])));
  assert.deepEqual(summaries, new Set([...local, job.name]));
  await assertWorldAfter(job);
});

test('the query `job` tells the whole state, kubectl shows the log, and the signal `kill` ends the job', async () => {
  const { body } = await submit(aName('operator'), shellJob('trap "exit 0" TERM; echo I am here; sleep 3600 & wait'));
  const { id, name } = await until(
    body.data.id,
    async (job) => job.phase === 'running' && (await logOf(job.id)) !== '',
  );
  const query = ['workflow', 'query', '--workflow-id', workflowIdOf(name), '--name', 'job', '--output', 'json'];
  const { queryResult } = JSON.parse(await runTool('temporal', ...query)) as { queryResult: Job[] };
  assert.deepEqual([queryResult[0]?.id, queryResult[0]?.status, queryResult[0]?.phase], [id, 'running', 'running']);
  assert.equal(await runTool('kubectl', 'logs', `job/${name}`, '--container', 'task'), 'I am here\n');

  await runTool('temporal', 'workflow', 'signal', '--workflow-id', workflowIdOf(name), '--name', 'kill');
  const end = await untilEnded(id);
  assert.equal(end.status, 'killed');
  await assertWorldAfter(end);
});
