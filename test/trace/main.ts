/**
 * Runs one job, and shows where its time goes: from the request through the workflow and its steps to the pods, and the deletion of all.
 * With OTEL_EXPORTER_OTLP_ENDPOINT the spans go there as well. Needs a running stack: `make trace` sees to it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { untilSucceeded } from '../bench/until-succeeded.ts';
import { openWorld } from '../bench/world.ts';
import { required } from '../support/environment.ts';
import { aName, submit } from '../support/job-client.ts';
import { showHistory } from '../support/told-steps.ts';
import { stretchesIn } from './history-spans.ts';
import { stretchesOfPod } from './pod-spans.ts';
import { createRecorder } from './recorder.ts';
import { watchPodsOf } from './watch-pods.ts';
import { waterfall } from './waterfall.ts';

/** A watch tells of a deletion when the job has ended already. */
const LAST_NEWS_MS = 200;

async function main(): Promise<void> {
  const world = await openWorld();
  const name = aName('trace');
  const pods = await watchPodsOf(required('KUBERNETES_NAMESPACE'), name);
  console.error('running one job ...');
  const startMs = Date.now();
  const { body } = await submit(name, world.parameters, world.zip);
  const acceptedMs = Date.now();
  await untilSucceeded(body.data.id);
  const endMs = Date.now();
  await sleep(LAST_NEWS_MS);
  pods.stop();

  await using recorder = createRecorder();
  const root = recorder.span({ name: `job ${name}`, startMs, endMs });
  recorder.span({ name: 'POST /batch/', startMs, endMs: acceptedMs }, root);
  const workflow = recorder.span({ name: 'workflow', startMs: acceptedMs, endMs }, root);
  for (const stretch of stretchesIn(await showHistory(name))) recorder.span(stretch, workflow);
  for (const [podName, seen] of pods.seen()) {
    const pod = recorder.span(
      {
        name: `pod ${podName.replace(name, '…')}`,
        startMs: seen[0]?.atMs ?? startMs,
        endMs: seen.at(-1)?.atMs ?? endMs,
      },
      root,
    );
    for (const stretch of stretchesOfPod(seen)) recorder.span(stretch, pod);
  }
  console.log(`\n${' '.repeat(38)} from ms      ms\n${waterfall(recorder.spans())}\n`);
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
