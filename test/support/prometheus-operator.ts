import { join } from 'node:path';
import { run } from '../../deploy/local/command.ts';
import { kubectl } from './operator.ts';
import type { Closing } from './scope.ts';

/** The kinds of the Prometheus operator, as its own release defines them. */

const PINNED = join(import.meta.dirname, '..', 'chart', 'prometheus-operator');
const MODULE = 'github.com/prometheus-operator/prometheus-operator';
const NAMES = ['servicemonitors', 'prometheusrules'];

/** Lets the cluster know ServiceMonitor and PrometheusRule until the test ends. */
export async function defineMonitoringKinds(context: Closing): Promise<void> {
  const options = { cwd: PINNED, env: { GOWORK: 'off', GOFLAGS: '-mod=readonly' } };
  const { stdout } = await run('go', ['mod', 'download', '-json', MODULE], options);
  const { Dir } = JSON.parse(stdout) as { Dir: string };
  const files = NAMES.map(
    (name) => `--filename=${Dir}/example/prometheus-operator-crd/monitoring.coreos.com_${name}.yaml`,
  );
  await kubectl('apply', '--server-side', ...files);
  context.after(() => kubectl('delete', ...files));
  const definitions = NAMES.map((name) => `customresourcedefinition/${name}.monitoring.coreos.com`);
  await kubectl('wait', '--for=condition=Established', '--timeout=30s', ...definitions);
}
