import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { jobNameOf } from '../../api/auth/names.ts';
import { applyPolicies, jobPolicies } from '../../deploy/compose/policies.ts';
import { testProfile } from '../../deploy/local/profile.ts';
import { becomesTrue } from '../../deploy/local/ready.ts';
import { required } from '../support/environment.ts';
import { runJobOf, startHostileService } from '../support/hostile-service.ts';
import type { Tenant } from '../support/hostile-service.ts';
import { aName } from '../support/job-client.ts';
import { stackKubeConfig } from '../support/kube-config.ts';
import { enforceNetworkPolicies } from '../support/kube-router.ts';
import { kubectl, podOf } from '../support/operator.ts';
import { startOtherPod } from '../support/other-pod.ts';
import { entriesOf, zipOf } from '../support/zip-entries.ts';

const REPOSITORY = join(import.meta.dirname, '..', '..');
const profile = testProfile(REPOSITORY);

/** `address port` of each place. */
type Places = Readonly<Record<string, string>>;

/** Opens a port of the node and one of another pod; both are in a private range, as the bucket is. */
async function openPlaces(context: TestContext): Promise<Places> {
  const server = createServer((socket) => socket.end()).listen(0, profile.bridge.address);
  await once(server, 'listening');
  context.after(() => server.close());
  const pod = await startOtherPod(context);
  return {
    bucket: new URL(required('GC_API_ENDPOINT')).host.replace(':', ' '),
    node: `${profile.bridge.address} ${(server.address() as AddressInfo).port}`,
    pod: `${pod.address} ${pod.port}`,
  };
}

const REACH = 'reach() { nc -w 2 "$1" "$2" </dev/null >/dev/null 2>&1; }';

/** Script that lists the places it reaches. It starts once `closed` is out of reach: a network plugin learns of a new pod a moment late. */
function visiting(places: Places, closed?: string): string {
  const isOpen = closed === undefined ? 'false' : `reach ${places[closed]}`;
  const waiting = `for _ in $(seq 300); do ${isOpen} || break; sleep 0.1; done`;
  const visits = Object.entries(places).map(([name, place]) => `reach ${place} && echo ${name} >> /output/reached`);
  return [REACH, waiting, ...visits, 'true'].join('\n');
}

/** Names of the places that a job reaches. */
async function reachedBy(tenant: Tenant, places: Places, closed?: string): Promise<readonly string[]> {
  const job = await runJobOf(tenant, visiting(places, closed), await zipOf({ a: { content: 'a' } }));
  assert.equal(job.status, 'succeeded', JSON.stringify(job));
  const entries = await entriesOf(Buffer.concat(await Array.fromAsync(tenant.client.output(job.id))));
  return (entries['reached']?.content ?? '').trim().split('\n').sort();
}

/** Enforces the shipped policies, and the one of Compose that opens the address of the bucket. */
async function closeNetwork(context: TestContext): Promise<void> {
  await enforceNetworkPolicies(context, profile);
  const text = await readFile(join(REPOSITORY, 'deploy', 'kubernetes', 'network-policy.yaml'), 'utf8');
  const policies = jobPolicies(text, required('KUBERNETES_NAMESPACE'), required('GC_API_ENDPOINT'));
  await applyPolicies(stackKubeConfig(), policies);
}

/** Starts a task that listens at `port`; resolves to its address. */
async function startListeningTask({ client, owner }: Tenant, port: number): Promise<string> {
  const job_parameters = { docker_image: required('IMAGE_BUSYBOX'), command: ['httpd', '-f', '-p', String(port)] };
  const { id } = await client.submit({ name: aName('hostile'), job_parameters });
  const job = await client.waitFor(id, ({ status, phase }) => status === 'running' && phase === 'running');
  const pod = await podOf({ name: jobNameOf(owner, job.name) });
  return await kubectl('get', 'pod', pod, '--output=jsonpath={.status.podIP}');
}

test('under the shipped policies a task reaches the bucket, and neither a node nor another pod', async (context) => {
  const { mallory } = await startHostileService(context);
  const places = await openPlaces(context);
  assert.deepEqual(await reachedBy(mallory, places), Object.keys(places).sort(), 'without policies');
  await closeNetwork(context);
  assert.deepEqual(await reachedBy(mallory, places, 'node'), ['bucket']);
});

test('under the shipped policies no pod calls a task', async (context) => {
  const { alice } = await startHostileService(context);
  const [pod, task] = await Promise.all([startOtherPod(context), startListeningTask(alice, 8080)]);
  assert.equal(await pod.reaches(task, 8080), true, 'without policies');
  await closeNetwork(context);
  assert.ok(await becomesTrue(async () => !(await pod.reaches(task, 8080)), 30_000));
});
