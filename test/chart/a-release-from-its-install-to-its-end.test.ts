import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { V1EndpointSlice, V1Pod } from '@kubernetes/client-node';
import { testProfile } from '../../deploy/local/profile.ts';
import { becomesTrue } from '../../deploy/local/ready.ts';
import { openGate, runGated } from '../support/gated-job.ts';
import { helm, install, upgrade } from '../support/helm.ts';
import { prepareInstallation } from '../support/installed.ts';
import type { Place } from '../support/installed.ts';
import { aName, downloadOutput, runJob, shellJob, untilEnded } from '../support/job-client.ts';
import { kubectl } from '../support/operator.ts';
import { createProxy } from '../support/proxy.ts';
import { assertWorldAfter } from '../support/world.ts';
import { entriesOf, zipOf } from '../support/zip-entries.ts';

/** A pod that is stopped has 40 seconds. */
const GONE_MS = 60_000;

const ONE_OF_EACH = { api: { replicas: 1, settings: { API_AUTH: 'none' } }, worker: { replicas: 1 } };

/** Pods of a component that are not about to go. */
async function podsOf({ namespace }: Place, component: string): Promise<readonly V1Pod[]> {
  const selector = `app.kubernetes.io/component=${component}`;
  const text = await kubectl('get', 'pods', '--namespace', namespace, '--selector', selector, '--output', 'json');
  const { items } = JSON.parse(text) as { items: readonly V1Pod[] };
  return items.filter(({ metadata }) => metadata?.deletionTimestamp === undefined);
}

async function nameOfPod(place: Place, component: string): Promise<string> {
  const pods = await podsOf(place, component);
  assert.equal(pods.length, 1, `pods of ${component}`);
  return pods[0]?.metadata?.name ?? '';
}

async function inPod({ namespace, release }: Place, component: string, ...command: string[]): Promise<string> {
  const deployment = `deployment/${release}-${component}`;
  return await kubectl('exec', '--namespace', namespace, deployment, '--', ...command);
}

/** Where a Service leads to, as `address:port`, as the cluster itself says. */
async function targetsOf({ namespace, release }: Place, component: string): Promise<readonly string[]> {
  const selector = `kubernetes.io/service-name=${release}-${component}`;
  const inNamespace = ['--namespace', namespace, '--selector', selector, '--output', 'json'];
  const { items } = JSON.parse(await kubectl('get', 'endpointslices', ...inNamespace)) as {
    items: readonly V1EndpointSlice[];
  };
  return items.flatMap(({ endpoints = [], ports = [] }) =>
    endpoints.flatMap(({ addresses }) => addresses.flatMap((address) => ports.map(({ port }) => `${address}:${port}`))),
  );
}

/** Policies of the release, which are in no namespace. */
async function policiesOf({ namespace, release }: Place): Promise<readonly string[]> {
  const kinds = 'validatingadmissionpolicies,validatingadmissionpolicybindings';
  const names = (await kubectl('get', kinds, '--output', 'name')).trim().split('\n');
  return names.filter((name) => name.endsWith(`.${release}-worker.${namespace}`));
}

/** Kind and name of all that has the labels of the release, or Helm's own. */
async function objectsOf({ namespace, jobsNamespace, release }: Place): Promise<readonly string[]> {
  const kinds = await kubectl('api-resources', '--namespaced', '--verbs=list', '--output=name');
  const list = async (namespace: string, selector: string) => {
    const all = kinds.trim().split('\n').join(',');
    return await kubectl('get', all, '--namespace', namespace, '--selector', selector, '--output', 'name');
  };
  const found = await Promise.all(
    [namespace, jobsNamespace].flatMap((place) => [
      list(place, `app.kubernetes.io/managed-by=Helm,app.kubernetes.io/instance=${release}`),
      list(place, `app.kubernetes.io/name=kubernetes-task-runner,app.kubernetes.io/instance=${release}`),
      list(place, `owner=helm,name=${release}`),
    ]),
  );
  return [...new Set(found.flatMap((text) => text.trim().split('\n')))].filter((name) => name !== '').sort();
}

test('a release is installed, runs jobs, is upgraded with a job in flight, and leaves nothing', async (context) => {
  const place = await prepareInstallation(context, testProfile(join(import.meta.dirname, '..', '..')));
  const { release, namespace, jobsNamespace, values } = place;

  await context.test('its pods become ready, in a namespace that admits restricted ones alone', async () => {
    const notes = await install(release, namespace, { ...values, ...ONE_OF_EACH });
    assert.match(notes, new RegExp(`jobs in ${jobsNamespace}`));
    assert.match(notes, /WARNING: nobody is asked for a key/);
    const [pod] = await podsOf(place, 'api');
    // Under a loopback name, as by the port-forward of the notes: without authentication the API does not answer under its pod's address.
    const { port } = await createProxy(context, 4898, pod?.status?.podIP ?? '', '127.0.0.1');
    process.env['API_URL'] = `http://127.0.0.1:${port}`;
  });

  for (const [component, ports, measured] of [
    ['api', [4897, 4898], [4897]],
    ['worker', [4896, 4899], [4896, 4899]],
  ] as const) {
    await context.test(`the Service of the ${component} leads to its pod, and there are its metrics`, async () => {
      const [pod] = await podsOf(place, component);
      const at = (port: number) => `${pod?.status?.podIP}:${port}`;
      assert.deepEqual((await targetsOf(place, component)).toSorted(), ports.map(at));
      for (const port of measured) assert.match(await (await fetch(`http://${at(port)}/metrics`)).text(), /^# TYPE /m);
    });

    await context.test(`the ${component} is nobody, and writes in its folder for temporary files alone`, async () => {
      const evaluate = (script: string) => inPod(place, component, 'node', '--print', script);
      assert.equal((await evaluate('[process.getuid(), process.getgid()].join()')).trim(), '1000,1000');
      await assert.rejects(evaluate("fs.writeFileSync('/app/dist/a', '')"), /EROFS/);
      await evaluate("fs.writeFileSync('/tmp/a', '')");
    });
  }

  await context.test('a key is made as the notes say', async () => {
    const command = ['node', 'api/api-keys.ts', 'create', '--owner', 'alice', '--scopes', 'read,submit,kill'];
    assert.match(await inPod(place, 'api', ...command), /^ktr_\S+$/m);
  });

  await context.test(
    'a job goes through the pod of the API, with a sensitive value, and its output is there',
    async () => {
      const environment_variables = { TOKEN: { value: 'sesame', sensitive: true } };
      const script = 'tr a-z A-Z < /input/a > /output/a; printf %s "$TOKEN" | wc -c > /output/length';
      const input = await zipOf({ a: { content: 'bytes\n' } });
      const job = await runJob(aName('chart'), shellJob(script, { environment_variables } as object), input);
      assert.equal(job.status, 'succeeded', JSON.stringify(job));
      const output = await entriesOf(await downloadOutput(job));
      assert.deepEqual([output['a']?.content, output['length']?.content.trim()], ['BYTES\n', '6']);
      await assertWorldAfter(job);
    },
  );

  await context.test('the policies of the release were in force, and refuse other Jobs to its worker', async () => {
    const account = `system:serviceaccount:${namespace}:${release}-worker`;
    const other = ['create', 'job', 'other', '--namespace', jobsNamespace, '--image', 'a', '--as', account];
    await assert.rejects(kubectl(...other, '--dry-run=server'), /ValidatingAdmissionPolicy .*denied request/);
  });

  await context.test('nothing was refused by the cluster meanwhile', async () => {
    for (const component of ['api', 'worker']) {
      const log = await kubectl('logs', '--namespace', namespace, `deployment/${release}-${component}`);
      assert.match(log, /listening on/);
      assert.doesNotMatch(log, /forbidden/i);
    }
  });

  await context.test('an upgrade replaces the worker alone, and the job that runs meanwhile succeeds', async () => {
    const before = [await nameOfPod(place, 'api'), await nameOfPod(place, 'worker')];
    const job = await runGated(aName('upgraded'));
    await upgrade(release, namespace, { worker: { settings: { LOG_LEVEL: 'info' } } });
    assert.ok(await becomesTrue(async () => (await podsOf(place, 'worker')).length === 1, GONE_MS));
    const after = [await nameOfPod(place, 'api'), await nameOfPod(place, 'worker')];
    assert.deepEqual([after[0] === before[0], after[1] === before[1]], [true, false]);
    await openGate(job);
    const ended = await untilEnded(job.id);
    assert.equal(ended.status, 'succeeded', JSON.stringify(ended));
    assert.equal((await entriesOf(await downloadOutput(ended)))['end']?.content, 'end\n');
    await assertWorldAfter(ended);
  });

  await context.test('after it is uninstalled, no object of it is left but the namespace of the jobs', async () => {
    assert.ok((await objectsOf(place)).length > 15);
    assert.equal((await policiesOf(place)).length, 8);
    await helm(['uninstall', release, '--namespace', namespace, '--wait']);
    assert.ok(
      await becomesTrue(async () => (await objectsOf(place)).length === 0, GONE_MS),
      JSON.stringify(await objectsOf(place)),
    );
    assert.deepEqual(await policiesOf(place), []);
    assert.match(await kubectl('get', 'namespace', jobsNamespace, '--output', 'name'), /^namespace\//);
  });

  await context.test(
    'it may be installed again where its jobs were, and no other release may take them over',
    async () => {
      await install(release, namespace, values, '--dry-run=server');
      await assert.rejects(
        install('another', namespace, values, '--dry-run=server'),
        new RegExp(`the namespace ${jobsNamespace} exists.*jobs.createNamespace=false`),
      );
      await install('another', namespace, { ...values, jobs: { createNamespace: false } }, '--dry-run=server');
    },
  );
});
