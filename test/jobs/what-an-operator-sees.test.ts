import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Job } from '../../workflows/contract.ts';
import { workflowIdOf } from '../../workflows/names.ts';
import { aName, runJob, shellJob, submit, until, untilEnded } from '../support/job-client.ts';
import { runTool } from '../support/tools.ts';
import { assertWorldAfter } from '../support/world.ts';
import { zipOf } from '../support/zip-entries.ts';

interface ShownEvent {
  readonly eventType: string;
  readonly userMetadata?: { readonly summary?: { readonly data: string } };
  readonly activityTaskScheduledEventAttributes?: { readonly activityType: { readonly name: string } };
}

async function eventsOf(name: string): Promise<ShownEvent[]> {
  const shown = await runTool('temporal', 'workflow', 'show', '--workflow-id', workflowIdOf(name), '--output', 'json');
  return (JSON.parse(shown) as { events: ShownEvent[] }).events;
}

function summaryOf({ userMetadata }: ShownEvent): string {
  return Buffer.from(userMetadata?.summary?.data ?? '', 'base64').toString();
}

test('the history names every step of a job by its verb, and each carries the name of the job', async () => {
  const name = aName('story');
  const job = await runJob(name, shellJob('cp /input/a /output/a'), await zipOf({ a: { content: 'a' } }));
  assert.equal(job.status, 'succeeded', JSON.stringify(job));

  const events = await eventsOf(name);
  const scheduled = events.filter(({ activityTaskScheduledEventAttributes }) => activityTaskScheduledEventAttributes);
  const steps = scheduled.map((event) => event.activityTaskScheduledEventAttributes?.activityType.name);
  const story = steps.filter((step) => step !== 'record');
  assert.deepEqual(story, ['secret', 'volumes', 'upload', 'deploy', 'cleanup', 'logs', 'publish', 'logs', 'delete']);
  assert.deepEqual(new Set(scheduled.map(summaryOf)), new Set([JSON.stringify(name)]));
  assert.match(summaryOf(events[0] as ShownEvent), new RegExp(name));
  await assertWorldAfter(job);
});

test('the query `job` tells the whole state, kubectl shows the log, and the signal `kill` ends the job', async () => {
  const { body } = await submit(aName('operator'), shellJob('echo I am here; trap "exit 0" TERM; sleep 3600 & wait'));
  const { id, name } = await until(body.data.id, ({ phase }) => phase === 'running');
  const query = ['workflow', 'query', '--workflow-id', workflowIdOf(name), '--name', 'job', '--output', 'json'];
  const { queryResult } = JSON.parse(await runTool('temporal', ...query)) as { queryResult: Job[] };
  assert.deepEqual([queryResult[0]?.id, queryResult[0]?.status, queryResult[0]?.phase], [id, 'running', 'running']);
  assert.equal(await runTool('kubectl', 'logs', `job/${name}`, '--container', 'task'), 'I am here\n');

  await runTool('temporal', 'workflow', 'signal', '--workflow-id', workflowIdOf(name), '--name', 'kill');
  const end = await untilEnded(id);
  assert.equal(end.status, 'killed');
  await assertWorldAfter(end);
});
