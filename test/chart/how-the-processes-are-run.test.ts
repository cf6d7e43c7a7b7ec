import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { V1Container, V1ContainerPort, V1Deployment, V1EnvVar, V1PodSpec } from '@kubernetes/client-node';
import { parse } from 'yaml';
import { loadApiConfig, loadWorkerConfig } from '../../config.ts';
import { EVERYTHING, LEAST } from '../support/chart-values.ts';
import { textOf } from '../support/compose.ts';
import { render } from '../support/helm.ts';
import type { Values } from '../support/helm.ts';

type Component = 'api' | 'worker';

async function deploymentOf(component: Component, values: Values): Promise<V1Deployment> {
  const found: V1Deployment | undefined = (await render(values)).find(
    ({ kind, metadata }) => kind === 'Deployment' && metadata?.name === `kubernetes-task-runner-${component}`,
  );
  assert.ok(found);
  return found;
}

async function podOf(component: Component, values: Values): Promise<V1PodSpec & { readonly container: V1Container }> {
  const spec = (await deploymentOf(component, values)).spec?.template.spec;
  const [container, ...others] = spec?.containers ?? [];
  assert.ok(spec && container && others.length === 0);
  return { ...spec, container };
}

/** What the process would read; nothing of a secret. */
function environmentOf({ env = [] }: { readonly env?: readonly V1EnvVar[] }): Readonly<Record<string, string>> {
  assert.equal(new Set(env.map(({ name }) => name)).size, env.length, 'each name stands there once');
  return Object.fromEntries(env.map(({ name, value }) => [name, value ?? '']));
}

function portsOf({ ports = [] }: { readonly ports?: readonly V1ContainerPort[] }): Readonly<Record<string, number>> {
  return Object.fromEntries(ports.map(({ name, containerPort }) => [name ?? '', containerPort]));
}

for (const component of ['api', 'worker'] as const) {
  test(`the container of the ${component} has no more rights than it needs`, async () => {
    const { container, securityContext, enableServiceLinks } = await podOf(component, EVERYTHING);
    const { runAsNonRoot, runAsUser, seccompProfile } = securityContext ?? {};
    assert.deepEqual([runAsNonRoot, runAsUser, seccompProfile], [true, 1000, { type: 'RuntimeDefault' }]);
    assert.deepEqual(container.securityContext, {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    assert.equal(enableServiceLinks, false);
  });

  test(`the ${component} is asked at its start, then whether it lives, and whether it is ready`, async () => {
    const { container } = await podOf(component, LEAST);
    const { startupProbe, livenessProbe, readinessProbe } = container;
    const paths = [startupProbe, livenessProbe, readinessProbe].map((probe) => probe?.httpGet?.path);
    assert.deepEqual(paths, ['/livez', '/livez', '/readyz']);
  });
}

test('the API understands its settings, and listens where its pod says', async () => {
  const { container } = await podOf('api', { ...EVERYTHING, secrets: {} });
  const config = loadApiConfig([], environmentOf(container));
  assert.deepEqual({ http: config.port, metrics: config.metricsPort }, portsOf(container));
  assert.deepEqual(
    [config.host, config.auth, config.kubernetes.namespace],
    ['0.0.0.0', ['keys'], 'kubernetes-task-runner-jobs'],
  );
  assert.deepEqual(config.allowed, {
    priorityClasses: ['low', 'high'],
    queues: ['*'],
    storageClasses: [],
    nodeSelectors: [],
    tolerations: ['gpu=a:NoSchedule'],
  });
  assert.equal(config.maxInputBytes, 10_737_418_240);
  assert.equal(config.startWaitMs, 500);
  assert.equal(config.workers, undefined, 'an empty text takes a default back');
});

test('the worker understands its settings, and listens where its pod says', async () => {
  const { container } = await podOf('worker', { ...EVERYTHING, secrets: {} });
  const config = loadWorkerConfig([], environmentOf(container));
  assert.deepEqual({ http: config.port, metrics: config.temporalMetricsPort }, portsOf(container));
  assert.deepEqual(
    [config.podSecurity, config.transferImage, config.bucketCredentials],
    ['restricted', 'registry.example.com/transfer:1', 'signed-urls'],
  );
  assert.deepEqual(config.allowedLabels, ['example.com/team']);
  assert.deepEqual(config.enforced, {
    nodeSelector: { pool: 'jobs' },
    tolerations: [{ key: 'dedicated', value: 'jobs', effect: 'NoSchedule' }],
    runtimeClass: 'gvisor',
    hasUserNamespace: true,
  });
  assert.equal(config.bucket.bucketName, 'other-files', 'its own settings come before those of both');
});

test('the API finds the workers by their Service, which has all of them', async () => {
  const withToken = { ...LEAST, secrets: { WORKER_TOKEN: { name: 'keys', key: 'worker-token' } } };
  const { container } = await podOf('api', withToken);
  const url = new URL(environmentOf(container)['WORKER_URL'] ?? '');
  const objects = await render(withToken);
  const service = objects.find(
    ({ kind, metadata }) => kind === 'Service' && url.hostname.startsWith(`${metadata?.name}.`),
  );
  const { spec } = service as { spec?: { clusterIP: string; ports: readonly { name: string; port: number }[] } };
  assert.equal(spec?.clusterIP, 'None');
  assert.ok(spec.ports.some(({ name, port }) => name === 'http' && port === Number(url.port)));
});

test('the API asks no workers without a token, which both have from one Secret', async () => {
  assert.equal(environmentOf((await podOf('api', LEAST)).container)['WORKER_URL'], undefined);
  const source = { secretKeyRef: { name: 'keys', key: 'worker-token' } };
  for (const component of ['api', 'worker'] as const) {
    const { container } = await podOf(component, {
      ...LEAST,
      secrets: { WORKER_TOKEN: { name: 'keys', key: 'worker-token' } },
    });
    assert.deepEqual(container.env?.find(({ name }) => name === 'WORKER_TOKEN')?.valueFrom, source);
  }
});

test('secrets come from Secrets that exist, and the release has none of its own', async () => {
  const { container, volumes = [] } = await podOf('worker', EVERYTHING);
  const source = container.env?.find(({ name }) => name === 'MONGODB_URI')?.valueFrom;
  assert.deepEqual(source, { secretKeyRef: { name: 'database', key: 'uri' } });
  const path = environmentOf(container)['GC_CREDENTIALS_FILE_PATH'];
  const mount = container.volumeMounts?.find(({ mountPath }) => path?.startsWith(`${mountPath}/`));
  const volume = volumes.find(({ name }) => name === mount?.name);
  const items = [{ key: 'key.json', path: 'GC_CREDENTIALS_FILE_PATH' }];
  assert.deepEqual(volume?.projected?.sources, [{ secret: { name: 'bucket', items } }]);
  const kinds = (await render(EVERYTHING)).map(({ kind }) => kind);
  assert.ok(!kinds.includes('Secret') && !kinds.includes('ConfigMap'));
});

test('workers have a number of their own, or as many as their load asks for', async () => {
  assert.equal((await deploymentOf('worker', LEAST)).spec?.replicas, 2);
  assert.equal((await deploymentOf('worker', EVERYTHING)).spec?.replicas, undefined);
});

test('another setting of the worker starts workers anew, and no API', async () => {
  const changed = { ...LEAST, worker: { settings: { RECONCILE_INTERVAL: 60 } } };
  const templates = async (values: Values) =>
    (await Promise.all([deploymentOf('api', values), deploymentOf('worker', values)])).map(({ spec }) =>
      JSON.stringify(spec?.template),
    );
  const [before, after] = [await templates(LEAST), await templates(changed)];
  assert.deepEqual([before[0] === after[0], before[1] === after[1]], [true, false]);
});

test('the rules for alerts are those that are shipped', async () => {
  const rule = (await render(EVERYTHING)).find(({ kind }) => kind === 'PrometheusRule');
  assert.deepEqual((rule as { spec?: unknown }).spec, parse(textOf('deploy/monitoring/alerts.yaml')));
});
