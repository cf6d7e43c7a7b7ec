import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { BatchV1Api, CoreV1Api, CoordinationV1Api } from '@kubernetes/client-node';
import { required } from '../support/environment.ts';
import { runUntilRunning } from '../support/gated-job.ts';
import { aName, call, downloadOutput, logOf, runJob, shellJob, until } from '../support/job-client.ts';
import { podOf } from '../support/operator.ts';
import { startOwnService } from '../support/own-service.ts';
import { deedsOf, isAllowedBy, listDeeds, mayDo, wordsOf } from '../support/rights.ts';
import type { Deed } from '../support/rights.ts';
import {
  applyShipped,
  environmentOfAccount,
  kubeConfigOfAccount,
  shippedRoleOf,
} from '../support/shipped-manifests.ts';
import type { Account, AccountEnvironment } from '../support/shipped-manifests.ts';
import { variants } from '../support/variants.ts';
import { startWorkerProcess } from '../support/worker-process.ts';
import { assertWorldAfter } from '../support/world.ts';
import { entriesOf, zipOf } from '../support/zip-entries.ts';

variants('claims', 'signed-urls');

const WORKER = 'kubernetes-task-runner-worker';
const API = 'kubernetes-task-runner-api';
const FORBIDDEN = 403;

/** What everybody may ask of a cluster: who am I, and what may I do? */
function isAboutOneself({ resource }: Deed): boolean {
  return resource.startsWith('selfsubject');
}

async function assertExactly(account: Account, environment: AccountEnvironment, namespace: string): Promise<void> {
  const { rules = [] } = await shippedRoleOf(account);
  const kubeConfig = kubeConfigOfAccount(environment, namespace);
  const shipped = deedsOf(rules);
  const deeds = [...(await listDeeds()).filter((deed) => !isAboutOneself(deed)), ...shipped];
  const answers = await mayDo(kubeConfig, namespace, deeds);
  const differing = deeds.filter((deed, at) => answers[at] !== isAllowedBy(rules, deed));
  assert.deepEqual(differing.map(wordsOf), [], 'what the cluster allows is what the file says');
  assert.ok(answers.filter((isAllowed) => !isAllowed).length > 500, 'all else was asked, and is refused');
  // Names of what no cluster has would be allowed, and of no use.
  const served = new Set(deeds.map(({ group, resource, subresource }) => `${group} ${resource} ${subresource}`));
  for (const { group, resource, subresource } of shipped)
    assert.ok(served.has(`${group} ${resource} ${subresource}`), resource);
  const elsewhere = await mayDo(kubeConfig, 'default', shipped);
  assert.ok(!elsewhere.includes(true), 'in another namespace nothing is allowed');
}

/** Real requests, in the place of questions. */
async function assertRefusals(environment: AccountEnvironment, namespace: string, pod: string): Promise<void> {
  const kubeConfig = kubeConfigOfAccount(environment, namespace);
  const core = kubeConfig.makeApiClient(CoreV1Api);
  const batch = kubeConfig.makeApiClient(BatchV1Api);
  const leases = kubeConfig.makeApiClient(CoordinationV1Api);
  const container = { name: 'task', image: required('IMAGE_BUSYBOX') };
  const requests: Readonly<Record<string, () => Promise<unknown>>> = {
    'enter a container': () => core.connectPostNamespacedPodExec({ namespace, name: pod, command: 'id' }),
    'attach to it': () => core.connectPostNamespacedPodAttach({ namespace, name: pod }),
    'open a way to it': () => core.connectPostNamespacedPodPortforward({ namespace, name: pod }),
    'read the credential of the bucket': () => core.readNamespacedSecret({ namespace, name: 'gcs-api-key' }),
    'list secrets': () => core.listNamespacedSecret({ namespace }),
    'make a pod past the Jobs': () =>
      core.createNamespacedPod({ namespace, body: { metadata: { name: 'a' }, spec: { containers: [container] } } }),
    'remove all pods at once': () => core.deleteCollectionNamespacedPod({ namespace }),
    'become somebody else': () =>
      core.createNamespacedServiceAccountToken({ namespace, name: 'default', body: { spec: { audiences: [] } } }),
    'see other namespaces': () => core.listNamespace(),
    'see the Jobs of others': () => batch.listJobForAllNamespaces(),
    'take the lease of others': () => leases.readNamespacedLease({ namespace, name: 'another' }),
  };
  for (const [what, request] of Object.entries(requests)) await assert.rejects(request, { code: FORBIDDEN }, what);
}

async function assertJobsRun(context: TestContext): Promise<void> {
  await Promise.all([
    context.test('a job with an input runs to its end, and its output and its log are there', async () => {
      const script = 'cat /input/a | tee /output/a';
      const job = await runJob(aName('rights'), shellJob(script), await zipOf({ a: { content: 'bytes\n' } }));
      assert.equal(job.status, 'succeeded', JSON.stringify(job));
      assert.equal((await entriesOf(await downloadOutput(job)))['a']?.content, 'bytes\n');
      assert.equal(await logOf(job.id), 'bytes\n');
      await assertWorldAfter(job);
    }),
    context.test('a job is tried again', async () => {
      const script = 'case $(hostname) in *.2-*) echo second > /output/a;; *) exit 75;; esac';
      const retry = { max_attempts: 2, exit_codes: [75], backoff_seconds: 1 };
      const job = await runJob(aName('again'), shellJob(script, { retry }));
      assert.deepEqual([job.status, job.attempts?.length], ['succeeded', 1], JSON.stringify(job));
      await assertWorldAfter(job);
    }),
    context.test('a job is killed, and heard to its last word', async () => {
      const script = 'trap "echo last; exit 1" TERM; echo first; sleep 600 & wait';
      const { id } = await runUntilRunning(aName('killed'), shellJob(script));
      await until(id, async () => (await logOf(id)) === 'first\n');
      const { body } = await call('DELETE', `/batch/${id}`, { headers: { prefer: 'wait=60' } });
      assert.equal(body.data.status, 'killed', JSON.stringify(body));
      assert.equal(await logOf(id), 'first\nlast\n');
      await assertWorldAfter(body.data);
    }),
  ]);
}

test('with the rights of deploy/kubernetes, and no others', { concurrency: 3 }, async (context) => {
  await startOwnService(context, async (namespace) => {
    await applyShipped(context, namespace);
    return await environmentOfAccount(context, API, namespace);
  });
  const namespace = required('KUBERNETES_NAMESPACE');
  const asWorker = await environmentOfAccount(context, WORKER, namespace);
  const asApi = await environmentOfAccount(context, API, namespace);
  const worker = await startWorkerProcess(context, asWorker);
  await assertJobsRun(context);
  // What only helps, as the watch and the logs, would fail without ending a job.
  assert.deepEqual(
    worker.lines.filter((line) => /forbidden/i.test(line)),
    [],
  );

  const pod = await podOf(await runUntilRunning(aName('entered'), shellJob('sleep 600')));
  for (const [account, environment] of [
    [WORKER, asWorker],
    [API, asApi],
  ] as const) {
    await context.test(`${account} may do what its Role says, and everything else is refused`, async () => {
      await assertExactly(account, environment, namespace);
      await assertRefusals(environment, namespace, pod);
    });
  }
});
