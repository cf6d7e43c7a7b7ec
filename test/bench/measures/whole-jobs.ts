import { required } from '../../support/environment.ts';
import { submit } from '../../support/job-client.ts';
import { stackKubeConfig } from '../../support/kube-config.ts';
import { createBareScript } from '../bare-script.ts';
import type { Measure } from '../measure.ts';
import { untilSucceeded } from '../until-succeeded.ts';
import { names, timed } from '../world.ts';
import type { World } from '../world.ts';

/** From the request until all have succeeded, against a script that makes the same objects. */
export function wholeJobs(world: World): Measure[] {
  const script = createBareScript(stackKubeConfig(), required('KUBERNETES_NAMESPACE'), world);
  const runOne = async (name: string) => {
    const { body } = await submit(name, world.parameters, world.zip);
    await untilSucceeded(body.data.id);
  };
  const atOnce = (prefix: string, count: number, run: (name: string) => Promise<void>) =>
    timed(() => Promise.all(names(prefix, count).map(run)));
  const measure = (name: Measure['name'], count: number): Measure => ({
    name,
    unit: 'ms',
    ours: () => atOnce('bench-service', count, runOne),
    peer: { what: 'the bare script', run: () => atOnce('bench-script', count, (each) => script.run(each)) },
  });
  return [measure('one job, sent to succeeded', 1), measure('twenty jobs at once, sent to succeeded', 20)];
}
