import { cpus } from 'node:os';
import type { Profile } from '../../../deploy/local/profile.ts';
import { createScope } from '../../support/scope.ts';
import type { Closing } from '../../support/scope.ts';
import type { Measure } from '../measure.ts';
import { inTurns } from '../turns.ts';
import { timed } from '../world.ts';
import { playTasks, playUploads } from './fake-pods.ts';
import { startScaledService } from './service.ts';
import { slowDown } from './slow-worker.ts';
import { liveOnce } from './throughput.ts';

const CONCURRENCY = 20;

/** How much is measured. */
interface Sizes {
  readonly jobs: number;
  /** Of one core, that each worker may take; 100 leaves it alone. */
  readonly workerPercent: number;
}

/** Two workers in place of one, each of which may take so little of a core that it is what all jobs wait for. */
export async function twoWorkers(scope: Closing, profile: Profile, sizes: Sizes): Promise<Measure> {
  // The second one would not be heard.
  const service = await startScaledService(scope, profile, { WORKER_URL: '' });
  await playTasks(scope, profile, service);
  await playUploads(scope, service.kubeConfig, service.namespace, service.bucket);
  const [, first = 0] = service.pids;
  const withTwo = async () => {
    const second = await service.addWorker();
    await inTurns(Array.from({ length: CONCURRENCY }), CONCURRENCY, liveOnce);
    return await rateOf([first, second.pid], sizes).finally(() => second.stop());
  };
  return {
    name: 'jobs in a second by two slow workers, over one',
    unit: 'rate',
    ours: withTwo,
    peer: { what: 'one worker', run: () => rateOf([first], sizes) },
  };
}

async function rateOf(pids: readonly number[], { jobs, workerPercent }: Sizes): Promise<number> {
  await using scope = createScope();
  if (workerPercent < 100) for (const pid of pids) slowDown(scope, pid, workerPercent);
  const before = machineTimes();
  const durationMs = await timed(() => inTurns(Array.from({ length: jobs }), CONCURRENCY, liveOnce));
  const after = machineTimes();
  const busyPercent = 100 * (1 - (after.idle - before.idle) / (after.all - before.all));
  console.error(`  ${pids.length} of workers: the whole machine was busy for ${busyPercent.toFixed(0)} % of the time`);
  return jobs / (durationMs / 1000);
}

function machineTimes(): { idle: number; all: number } {
  const times = cpus().map((cpu) => cpu.times);
  const sum = (of: (time: (typeof times)[number]) => number) => times.reduce((total, time) => total + of(time), 0);
  return {
    idle: sum(({ idle }) => idle),
    all: sum((time) => Object.values(time).reduce((total, value) => total + value, 0)),
  };
}
