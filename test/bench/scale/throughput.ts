import type { Profile } from '../../../deploy/local/profile.ts';
import { createTestBucket } from '../../support/gcs.ts';
import { kubectl } from '../../support/operator.ts';
import type { Closing } from '../../support/scope.ts';
import type { Measure } from '../measure.ts';
import { names, timed } from '../world.ts';
import { createBareLife } from './bare-life.ts';
import { lookAt, sendJob, waitFor } from './client.ts';
import { withClusterApart } from './cores.ts';
import { playUploads } from './fake-pods.ts';
import type { ScaledService } from './service.ts';
import { inTurns } from '../turns.ts';

/** So many jobs are under way at any time: enough to keep every server busy. */
const CONCURRENCY = 40;

/**
 * Jobs that end at once, against a script that makes and deletes the same objects on the same cluster: on a machine that all share, and
 * where the cluster has a core that nobody else takes, so that it is what both wait for.
 */
export async function throughput(
  scope: Closing,
  profile: Profile,
  service: ScaledService,
  jobs: number,
): Promise<Measure[]> {
  const { kubeConfig } = service;
  const namespace = `${service.namespace}-bare`;
  await kubectl('create', 'namespace', namespace);
  scope.after(() => kubectl('delete', 'namespace', namespace, '--wait=false'));
  const { bucket } = await createTestBucket();
  await playUploads(scope, kubeConfig, namespace, bucket);
  const bare = await createBareLife(scope, kubeConfig, namespace, bucket);
  const rateOf = async (prefix: string, live: (name: string) => Promise<unknown>) => {
    const durationMs = await timed(() => inTurns(names(prefix, jobs), CONCURRENCY, live));
    return jobs / (durationMs / 1000);
  };
  const ours = () => rateOf('bench-many', liveOnce);
  const script = () => rateOf('bench-bare', (name) => bare.live(name));
  const apart = (rate: () => Promise<number>) => () => withClusterApart(profile, service.pids, rate);
  return [
    { name: 'jobs in a second, sent to succeeded', unit: 'rate', ours, peer: { what: 'a script', run: script } },
    {
      name: 'the same, the cluster on a core of its own',
      unit: 'rate',
      ours: apart(ours),
      peer: { what: 'a script', run: apart(script) },
    },
  ];
}

/** Sends a job that ends at once, and waits until it has succeeded. */
export async function liveOnce(): Promise<void> {
  const seen = await lookAt(await sendJob('quick'));
  await waitFor(seen, ({ status }) => status === 'succeeded');
}
