import type { IncomingMessage } from 'node:http';
import type { Profile } from '../../../deploy/local/profile.ts';
import { openClusterGate } from '../../support/cluster.ts';
import { isWatch } from '../../support/http-faults.ts';
import { shellJob, submit } from '../../support/job-client.ts';
import { stackKubeConfig } from '../../support/kube-config.ts';
import { apiserverIdentity, writeKubeconfig } from '../../support/linked-cluster.ts';
import { startOwnService } from '../../support/own-service.ts';
import type { OwnService } from '../../support/own-service.ts';
import type { Closing } from '../../support/scope.ts';
import { startWorkerProcess } from '../../support/worker-process.ts';
import type { Measure } from '../measure.ts';
import { untilSucceeded } from '../until-succeeded.ts';
import { names } from '../world.ts';
import type { World } from '../world.ts';

/** Two looks at the cluster fit in, when nothing happens between. */
const LONG_SECONDS = 70;

/** What one job costs others: requests to the API server, and events of Temporal. It has a service of its own, so that nothing else counts. */
export async function costs(scope: Closing, profile: Profile, world: World): Promise<Measure[]> {
  const service = await startOwnService(scope);
  const requests = await countRequests(scope, profile);
  await startWorkerProcess(scope, { KUBECONFIG: requests.kubeconfig });

  const run = async (parameters: World['parameters']) => {
    const [name = ''] = names('bench-cost', 1);
    const { body } = await submit(name, parameters, world.zip);
    await untilSucceeded(body.data.id);
    return name;
  };
  const countOf = async (parameters: World['parameters']) => {
    const before = requests.count();
    await run(parameters);
    return requests.count() - before;
  };
  const long = shellJob(`sleep ${LONG_SECONDS}; cp /input/* /output`);
  return [
    { name: 'requests to the API server for one job', unit: 'count', ours: () => countOf(world.parameters) },
    { name: 'the same for a job of more than a minute', unit: 'count', runs: 1, ours: () => countOf(long) },
    {
      name: 'Temporal events of one job',
      unit: 'count',
      ours: async () => eventsOf(service, await run(world.parameters)),
    },
  ];
}

async function eventsOf({ workflowOf }: OwnService, name: string): Promise<number> {
  return (await workflowOf({ name }).fetchHistory()).events?.length ?? 0;
}

/** A way to the API server on which all requests are counted but watches, and what keeps a worker the leader. */
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

function isOfAJob(incoming: IncomingMessage): boolean {
  return !isWatch(incoming) && !incoming.url?.includes('/leases/');
}
