import type { JobParameters } from '../../../workflows/parameters.ts';
import { required } from '../../support/environment.ts';
import { submit } from '../../support/job-client.ts';
import { stackKubeConfig } from '../../support/kube-config.ts';
import { createScope } from '../../support/scope.ts';
import { createBareOnePod } from '../bare-one-pod.ts';
import { createBareScript } from '../bare-script.ts';
import type { FigureName } from '../bounds.ts';
import { inOnePod } from '../in-one-pod.ts';
import type { Measure } from '../measure.ts';
import { untilSucceeded } from '../until-succeeded.ts';
import { names, timed } from '../world.ts';
import type { World } from '../world.ts';

/** Who runs jobs, and how one of them goes to its end. */
interface Runner {
  readonly what: string;
  run(name: string): Promise<void>;
}

/** From the request until all have succeeded, in both forms, against scripts that make the same objects. */
export async function* wholeJobs(world: World): AsyncGenerator<Measure> {
  await using scope = createScope();
  const [kubeConfig, namespace] = [stackKubeConfig(), required('KUBERNETES_NAMESPACE')];

  const withClaims = service('the service with claims', world, world.parameters);
  const script: Runner = { what: 'the bare script', ...createBareScript(kubeConfig, namespace, world) };
  yield timedAtOnce('one job, sent to succeeded', 1, withClaims, script);
  yield timedAtOnce('twenty jobs at once, sent to succeeded', 20, withClaims, script);

  const onePod = service('the service in one pod', world, inOnePod(world.parameters));
  const bare: Runner = { what: 'the bare Job', ...(await createBareOnePod(scope, kubeConfig, namespace, world)) };
  yield timedAtOnce('one job in one pod, sent to succeeded', 1, onePod, bare);
  yield timedAtOnce('twenty jobs at once in one pod, sent to succeeded', 20, onePod, bare);
  yield timedAtOnce('twenty jobs at once in one pod, over those with claims', 20, onePod, withClaims);
}

function service(what: string, { zip }: World, parameters: JobParameters): Runner {
  const run = async (name: string) => {
    const { body } = await submit(name, parameters, zip);
    await untilSucceeded(body.data.id);
  };
  return { what, run };
}

/** The pace of a machine whose cores others share changes within a round of twenty jobs: pairs of one lie a quarter apart. */
const CROWD_RUNS_FACTOR = 3;

function timedAtOnce(name: FigureName, count: number, ours: Runner, peer: Runner): Measure {
  const atOnce = (prefix: string, runner: Runner) =>
    timed(() => Promise.all(names(prefix, count).map((each) => runner.run(each))));
  return {
    name,
    unit: 'ms',
    runsFactor: count > 1 ? CROWD_RUNS_FACTOR : 1,
    ours: () => atOnce('bench-service', ours),
    peer: { what: peer.what, run: () => atOnce('bench-peer', peer) },
  };
}
