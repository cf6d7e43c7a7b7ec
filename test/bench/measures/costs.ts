import type { Profile } from '../../../deploy/local/profile.ts';
import type { JobParameters } from '../../../workflows/parameters.ts';
import { openClusterGate } from '../../support/cluster.ts';
import { shellJob, submit } from '../../support/job-client.ts';
import { stackKubeConfig } from '../../support/kube-config.ts';
import { apiserverIdentity, writeKubeconfig } from '../../support/linked-cluster.ts';
import { startOwnService } from '../../support/own-service.ts';
import type { OwnService } from '../../support/own-service.ts';
import type { Closing } from '../../support/scope.ts';
import { startWorkerProcess } from '../../support/worker-process.ts';
import type { FigureName } from '../bounds.ts';
import { inOnePod } from '../in-one-pod.ts';
import type { Measure } from '../measure.ts';
import { isOfAJob } from '../of-a-job.ts';
import { untilSucceeded } from '../until-succeeded.ts';
import { names } from '../world.ts';
import type { World } from '../world.ts';

/** Two looks at the cluster fit in, when nothing happens between. */
const LONG_SECONDS = 70;
/** By chance the pod of a task is still there when its objects are deleted, which is a request more. */
const LONG_RUNS = 3;

/**
 * What one job costs others in either form: requests to the API server, and events of Temporal. It has a service of its own, so that
 * nothing else counts.
 */
export async function costs(scope: Closing, profile: Profile, world: World): Promise<Measure[]> {
  const service = await startOwnService(scope);
  const requests = await countRequests(scope, profile);
  await startWorkerProcess(scope, { KUBECONFIG: requests.kubeconfig });

  const run = async (parameters: JobParameters) => {
    const [name = ''] = names('bench-cost', 1);
    const { body } = await submit(name, parameters, world.zip);
    await untilSucceeded(body.data.id);
    // What it does after it has told of its end counts, too.
    await service.workflowOf({ name }).result();
    return name;
  };
  const countOf = async (parameters: JobParameters) => {
    const before = requests.count();
    await run(parameters);
    return requests.count() - before;
  };
  const requestsOf = (name: FigureName, parameters: JobParameters, runs?: number): Measure => ({
    name,
    unit: 'count',
    ours: () => countOf(parameters),
    ...(runs !== undefined && { runs }),
  });
  const historyOf = (name: FigureName, parameters: JobParameters): Measure => ({
    name,
    unit: 'count',
    ours: async () => eventsOf(service, await run(parameters)),
  });
  const ordinary = world.parameters;
  const long = shellJob(`sleep ${LONG_SECONDS}; cp /input/* /output`);
  return [
    requestsOf('requests to the API server for one job', ordinary),
    requestsOf('the same for a job of more than a minute', long, LONG_RUNS),
    historyOf('Temporal events of one job', ordinary),
    requestsOf('requests to the API server for one job in one pod', inOnePod(ordinary)),
    requestsOf('the same for a job in one pod of more than a minute', inOnePod(long), LONG_RUNS),
    historyOf('Temporal events of one job in one pod', inOnePod(ordinary)),
  ];
}

async function eventsOf({ workflowOf }: OwnService, name: string): Promise<number> {
  return (await workflowOf({ name }).fetchHistory()).events?.length ?? 0;
}

/** A way to the API server on which the requests are counted that jobs cost. */
async function countRequests(scope: Closing, profile: Profile): Promise<{ kubeconfig: string; count(): number }> {
  const gate = await openClusterGate(stackKubeConfig(), await apiserverIdentity(profile));
  scope.after(() => gate.close());
  let count = 0;
  gate.answerBy((incoming) => {
    if (isOfAJob(incoming)) count += 1;
    return false;
  });
  return { kubeconfig: await writeKubeconfig(profile, 'counted', gate.port), count: () => count };
}
