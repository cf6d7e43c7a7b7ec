import { setTimeout as sleep } from 'node:timers/promises';
import { createStore } from '../../../store/store.ts';
import type { Profile } from '../../../deploy/local/profile.ts';
import { required } from '../../support/environment.ts';
import { makeKey } from '../../support/guarded-api.ts';
import type { Closing } from '../../support/scope.ts';
import type { FigureName } from '../bounds.ts';
import { figureOf } from '../figure.ts';
import type { Figure } from '../figure.ts';
import type { Unit } from '../measure.ts';
import { followBegun } from './begun.ts';
import { playTasks, playUploads } from './fake-pods.ts';
import { flatness, watchMemory } from './memory.ts';
import { mostPassed } from './order.ts';
import { postAll } from './posting.ts';
import type { Burst } from './posting.ts';
import { startScaledService } from './service.ts';
import { untilAllThere } from './whereabouts.ts';

const OWNERS = ['ada', 'bea'];
/** Jobs that may go at one time; of a small burst fewer, so that most of them wait. */
const LIMIT = 100;
/** Jobs that have begun, by which the order is judged; of a small burst the half of all. */
const BEGUN = 400;
const LONGEST_MS = 600_000;
const TELL_MS = 20_000;
const TOLD_OTHERS = 5;

/** Where a hundred jobs may go at one time, two owners send `jobs` at once. */
export async function burst(scope: Closing, profile: Profile, jobs: number): Promise<Figure[]> {
  const limits = { API_AUTH: 'keys', JOB_MAX_IN_FLIGHT: String(Math.min(LIMIT, Math.ceil(jobs / 5))) };
  const service = await startScaledService(scope, profile, limits);
  await playTasks(scope, profile, service);
  await playUploads(scope, service.kubeConfig, service.namespace, service.bucket);
  const begun = await followBegun(scope, service);
  const sent: Burst = { accepted: [], refusals: 0, others: [] };
  const memory = watchMemory(scope, service.pids, () => sent.accepted.length);
  const teller = setInterval(() => console.error(`  ${tellOf(sent)}; ${begun().length} have begun`), TELL_MS);
  scope.after(() => clearInterval(teller));

  console.error(`\n${jobs} jobs in a burst`);
  const keys = await makeKeys();
  const startedMs = performance.now();
  await Promise.all(OWNERS.map((owner, at) => postAll(sent, owner, keys[at] ?? '', jobs / OWNERS.length)));
  console.error(`  ${tellOf(sent)}, in ${Math.round((performance.now() - startedMs) / 1000)} s`);
  for (const other of new Set(sent.others.slice(0, TOLD_OTHERS))) console.error(`  answered ${other}`);
  const samples = memory();
  const missing = await untilAllThere(service, sent.accepted);
  for (
    const endMs = Date.now() + LONGEST_MS;
    begun().length < Math.min(BEGUN, sent.accepted.length / 2) && Date.now() < endMs;
  )
    await sleep(1_000);
  clearInterval(teller);
  return [
    figure('answers to a burst that are neither 2xx nor 429', 'count', sent.others.length),
    figure('accepted jobs of a burst that are not there', 'count', missing),
    figure('memory of API and worker at the end of a burst, over its beginning', 'ratio', flatness(samples, jobs)),
    figure(
      'jobs of one owner that went before one that came earlier, at most',
      'count',
      mostPassed(sent.accepted, begun()),
    ),
  ];
}

function figure(name: FigureName, unit: Unit, ours: number): Figure {
  return figureOf({ name, unit }, [{ ours }]);
}

function tellOf({ accepted, refusals, others }: Burst): string {
  return `${accepted.length} accepted, ${refusals} refused with 429 and sent again, ${others.length} other answers`;
}

async function makeKeys(): Promise<string[]> {
  const store = await createStore({ uri: required('MONGODB_URI'), database: required('MONGODB_DATABASE') });
  try {
    return await Promise.all(
      OWNERS.map(async (owner) => (await makeKey(store, { owner, scopes: ['submit', 'read'] })).text),
    );
  } finally {
    await store.close();
  }
}
