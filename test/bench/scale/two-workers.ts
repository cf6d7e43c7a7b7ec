import type { Profile } from '../../../deploy/local/profile.ts';
import { createScope } from '../../support/scope.ts';
import type { Closing } from '../../support/scope.ts';
import { busyShare, cpuTime } from '../cpu-time.ts';
import type { CpuTime } from '../cpu-time.ts';
import type { Measure } from '../measure.ts';
import { inTurns } from '../turns.ts';
import { playTasks, playUploads } from './fake-pods.ts';
import { startScaledService } from './service.ts';
import { slowDown } from './slow-worker.ts';
import { liveOnce } from './throughput.ts';

const CONCURRENCY = 20;
/** What a new worker has to have done before its code is compiled, as that of the first one is by then. */
const WARMING_JOBS = 200;

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
    await inTurns(Array.from({ length: WARMING_JOBS }), CONCURRENCY, liveOnce);
    return await rateOf([first, second.pid], sizes).finally(() => second.stop());
  };
  return {
    name: 'jobs in a second by two slow workers, over one',
    unit: 'rate',
    ours: withTwo,
    peer: { what: 'one worker', run: () => rateOf([first], sizes) },
  };
}

/**
 * Jobs in a second while as many as ever are under way. How the last ones end is no measure of it: by chance one worker has more of them
 * than the other, and ends alone.
 */
async function rateOf(pids: readonly number[], { jobs, workerPercent }: Sizes): Promise<number> {
  await using scope = createScope();
  const releases = workerPercent < 100 ? pids.map((pid) => slowDown(scope, pid, workerPercent)) : [];
  const ends: Moment[] = [];
  const live = async () => {
    await liveOnce();
    ends.push({ atMs: performance.now(), ...cpuTime() });
    if (ends.length === CONCURRENCY + jobs) for (const release of releases) release();
  };
  await inTurns(Array.from({ length: jobs + 2 * CONCURRENCY }), CONCURRENCY, live);
  const [from, to] = [momentOf(ends, CONCURRENCY), momentOf(ends, CONCURRENCY + jobs)];
  const busyPercent = 100 * busyShare(from, to);
  console.error(`  ${pids.length} of workers: the whole machine was busy for ${busyPercent.toFixed(0)} % of the time`);
  return jobs / ((to.atMs - from.atMs) / 1000);
}

/** When a job ended, and how much time all cores had had by then. */
interface Moment extends CpuTime {
  readonly atMs: number;
}

function momentOf(ends: readonly Moment[], count: number): Moment {
  const moment = ends[count - 1];
  if (moment === undefined) throw new Error(`${count} jobs never ended`);
  return moment;
}
