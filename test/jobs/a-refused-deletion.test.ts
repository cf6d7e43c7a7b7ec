import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { AdmissionregistrationV1Api, BatchV1Api } from '@kubernetes/client-node';
import { required } from '../support/environment.ts';
import { stackKubeConfig } from '../support/kube-config.ts';
import { aName, call, shellJob, submit, until, untilEnded } from '../support/job-client.ts';
import { untilRefused } from '../support/refusal.ts';
import { assertWorldAfter } from '../support/world.ts';

const LABEL = 'undeletable';
/** The same on the objects of the job. */
const OBJECT_LABEL = `labels.kubernetes-task-runner/${LABEL}`;

/** Lets the real API server refuse to delete Jobs with a label, until the answer is called or the test ends. */
async function protectJobs(context: TestContext, value: string): Promise<() => Promise<void>> {
  const admission = stackKubeConfig().makeApiClient(AdmissionregistrationV1Api);
  const name = `protect-${value}`;
  const jobs = { apiGroups: ['batch'], apiVersions: ['v1'], resources: ['jobs'], operations: ['DELETE'] };
  const validations = [{ expression: 'false', message: 'this Job is protected' }];
  const matchConditions = [
    { name: 'labelled', expression: `oldObject.metadata.?labels['${OBJECT_LABEL}'].orValue('') == '${value}'` },
  ];
  await admission.createValidatingAdmissionPolicy({
    body: { metadata: { name }, spec: { matchConstraints: { resourceRules: [jobs] }, matchConditions, validations } },
  });
  await admission.createValidatingAdmissionPolicyBinding({
    body: { metadata: { name }, spec: { policyName: name, validationActions: ['Deny'] } },
  });
  let isProtected = true;
  const release = async () => {
    if (!isProtected) return;
    isProtected = false;
    await admission.deleteValidatingAdmissionPolicyBinding({ name });
    await admission.deleteValidatingAdmissionPolicy({ name });
  };
  context.after(release);
  return release;
}

/** What the API server says to a deletion, which it does not make. */
async function deleteOnTrial(name: string): Promise<void> {
  const batch = stackKubeConfig().makeApiClient(BatchV1Api);
  await batch.deleteNamespacedJob({ name, namespace: required('KUBERNETES_NAMESPACE'), dryRun: 'All' });
}

test('a job that the cluster refuses to delete is told with the answer of the cluster, and is killed once it lets go', async (context) => {
  const name = aName('protected');
  const release = await protectJobs(context, name);
  const { body } = await submit(name, shellJob('sleep 600', { labels: { [LABEL]: name } }));
  const { id } = await until(body.data.id, ({ phase }) => phase === 'running');
  await untilRefused(() => deleteOnTrial(name));

  const refused = await call<{ cluster_response: Record<string, unknown> }>('DELETE', `/batch/${id}`, {
    headers: { prefer: 'wait=15' },
  });
  assert.deepEqual([refused.status, refused.body.error, refused.body.result], [500, 'ClusterError', false]);
  assert.equal(refused.body.msg, `API request failed when deleting job ${name}`);
  const { kind, reason, message } = refused.body.data.cluster_response;
  assert.deepEqual([kind, reason], ['Status', 'Invalid']);
  assert.match(String(message), /this Job is protected/);

  await release();
  const job = await untilEnded(id);
  assert.deepEqual([job.status, job.kill_requested], ['killed', true]);
  await assertWorldAfter(job);
});
