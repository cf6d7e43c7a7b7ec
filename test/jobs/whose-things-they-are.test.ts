import assert from 'node:assert/strict';
import { test } from 'node:test';
import { INSTANCE_LABEL } from '../../cluster/names.ts';
import { readInstance } from '../../temporal.ts';
import { openGate, runGated } from '../support/gated-job.ts';
import { aName, untilEnded } from '../support/job-client.ts';
import { kubectl } from '../support/operator.ts';
import { openClient } from '../support/reconciliation.ts';
import { standardMode } from '../support/standard-mode.ts';
import { currentVariant, variants } from '../support/variants.ts';
import { assertWorldAfter, testBucket } from '../support/world.ts';
import { zipOf } from '../support/zip-entries.ts';

variants('claims', 'one-pod', 'signed-urls');

/** The emulator leaves out the header by which a start with a signed URL marks its object; the URL is good for no start without it. */
const ARE_UPLOADS_MARKED = currentVariant() !== 'signed-urls';

/** What the cluster has of a job with an input. */
const KINDS = {
  persistent: ['Job', 'PersistentVolumeClaim', 'PersistentVolumeClaim', 'Pod'],
  ephemeral: ['Job', 'Pod'],
};

/** Kind and deployment of each object that the cluster has of the job. */
async function labelsOnCluster(name: string): Promise<string[]> {
  const selector = ['--selector', `kubernetes-task-runner/job-name=${name}`];
  const column = `.metadata.labels.${INSTANCE_LABEL.replaceAll('.', '\\.')}`;
  const columns = `custom-columns=KIND:.kind,INSTANCE:${column}`;
  const listed = await kubectl('get', 'jobs,pods,pvc', ...selector, '--no-headers', '--output', columns);
  return listed
    .trim()
    .split('\n')
    .map((line) => line.trim().replace(/\s+/, ' '))
    .sort();
}

test('all that a job has on the cluster and in the bucket is marked with the namespace of Temporal that knows it', async (context) => {
  const { connection, options } = await openClient(context);
  const instance = await readInstance(connection, options.namespace);
  assert.match(instance, /^[0-9a-f-]{36}$/);

  const name = aName('whose');
  const job = await runGated(name, await zipOf({ a: { content: 'a' } }));
  assert.deepEqual(
    await labelsOnCluster(name),
    KINDS[standardMode()].map((kind) => `${kind} ${instance}`),
  );
  await openGate(job);
  const end = await untilEnded(job.id);
  // The names came by copies of what the API and the pod have written.
  for (const object of [`${name}-input.zip`, ...(ARE_UPLOADS_MARKED ? [`${name}-output.zip`] : [])]) {
    assert.deepEqual(
      (await testBucket().listAged(object)).map((listed) => listed.instance),
      [instance],
      object,
    );
  }
  await assertWorldAfter(end);
});
