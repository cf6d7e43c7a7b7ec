import {
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  getExternalWorkflowHandle,
  isCancellation,
  log,
  proxyActivities,
  setHandler,
  setWorkflowOptions,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import type { AskingJob, QueueCounts } from './contract.ts';
import { ADMIT_SIGNAL, ENQUEUE_SIGNAL, HOLDERS_QUERY, LEAVE_SIGNAL, QUEUE_QUERY, workflowIdOf } from './names.ts';
import { admitted, countsOf, enqueued, joined, left, limited, NO_SLOTS, told, untold } from './slots.ts';
import type { Slots } from './slots.ts';
import { unpinned } from './unpinned.ts';

const enqueueSignal = defineSignal<[AskingJob]>(ENQUEUE_SIGNAL);
const leaveSignal = defineSignal<[string]>(LEAVE_SIGNAL);
const admitSignal = defineSignal(ADMIT_SIGNAL);
const queueQuery = defineQuery<QueueCounts>(QUEUE_QUERY);
const holdersQuery = defineQuery<string[]>(HOLDERS_QUERY);

/** Temporal takes 2000 signals at most that are under way. */
const MAX_TOLD_AT_ONCE = 100;
/** A short history is replayed soon. */
const MAX_EVENTS = 500;

/** Limits are asked for again when somebody comes later than so. Only the workers of the current version are asked. */
const LIMITS_AGE_MS = 5_000;

// As long as it is not known who goes, and how many may, nobody is let go.
const steps = proxyActivities<Activities>({
  startToCloseTimeout: '1m',
  retry: { initialInterval: '250ms', maximumInterval: '10s' },
});

/**
 * Lets jobs go in turn. It is started by the first job that asks, and goes on as long as Temporal lets it; after a loss the next job
 * that asks starts it anew.
 * @param earlier what it knew in the run before
 */
export async function admission(earlier?: Slots): Promise<void> {
  let slots = earlier ?? NO_SLOTS;
  let isAsked = false;
  setHandler(enqueueSignal, (job) => {
    slots = enqueued(slots, job);
    isAsked = true;
  });
  setHandler(leaveSignal, (name) => void (slots = left(slots, name)));
  setHandler(queueQuery, () => countsOf(slots));
  setHandler(holdersQuery, () => slots.holders.map(({ name }) => name));

  const tell = async (name: string) => {
    const isThere = await letGo(name);
    slots = isThere ? told(slots, name) : left(slots, name);
  };

  let limitsMs = -Infinity;
  const isOutdated = () => isAsked && Date.now() - limitsMs >= LIMITS_AGE_MS;

  if (earlier === undefined) {
    const going = await steps.survey();
    slots = joined(slots, going);
  }
  for (;;) {
    if (isOutdated()) {
      const limits = await steps.limits();
      slots = limited(slots, limits);
      limitsMs = Date.now();
    }
    isAsked = false;
    slots = admitted(slots);
    const news = untold(slots, MAX_TOLD_AT_ONCE);
    await Promise.all(news.map(({ name }) => tell(name)));
    // Also while there is always news: Temporal takes 10,000 signals in one history.
    if (isLong()) return await continueAsNew<typeof admission>(slots);
    if (news.length > 0) continue;
    const seen = slots;
    await condition(() => slots !== seen || isOutdated() || isLong());
  }
}

/** @returns false when the job has ended, or cannot be told; it asks again if it is there after all */
async function letGo(name: string): Promise<boolean> {
  try {
    await getExternalWorkflowHandle(workflowIdOf(name)).signal(admitSignal);
    return true;
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.info('a job that was to go is not there', { name, error });
    return false;
  }
}

function isLong(): boolean {
  const { continueAsNewSuggested, historyLength } = workflowInfo();
  return continueAsNewSuggested || historyLength > MAX_EVENTS;
}

setWorkflowOptions(unpinned, admission);
