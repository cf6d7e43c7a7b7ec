import { ActivityCancellationType } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import type { JobRequest } from './contract.ts';
import { createLocally, createLocallyFirst, createOnServer } from './locally.ts';
import { graceMsOf } from './state.ts';
import type { Turns } from './turns.ts';

/** Waits between attempts stay short: a cluster or bucket that comes back is used at once. */
const RETRY = { initialInterval: '250ms', maximumInterval: '10s' } as const;

/** A try to tell must not hold up those after it for longer, when MongoDB or the bucket is away. */
const QUICK_RECORD_MS = 1_000;

/** Of a job that has succeeded all containers have ended, so that what it has is gone soon, or a server is away. */
const DELETE_TIMEOUT_MS = 3_000;

/** A larger object may take so long that the workflow should hear of other things meanwhile. */
const MAX_LOCAL_COPY_BYTES = 8 * 1024 ** 2;

/** What stopping a pod takes beside the grace of its containers. */
export const STOP_MS = 30_000;

/** What a node and the cluster take beside that grace to let go of a pod, when nobody waits for more. */
const RELEASE_MS = 10_000;

/** Of the steps that keep logs: three tries last for 16 seconds, long enough for an API server that starts again. */
export const LOG_RETRY = { initialInterval: '1s', backoffCoefficient: 15, maximumInterval: '15s' } as const;

/**
 * The steps of one job, grouped by what a late or doubled attempt would do. No group but those whose failure changes nothing has
 * a limit: an accepted job waits for a server that is away, and permanent refusals are non-retryable by themselves.
 */
export function createSteps({ name, synchronizationIntervalMs, parameters }: JobRequest, turns: Turns) {
  const graceMs = graceMsOf(parameters);
  const onServer = createOnServer(turns);
  const locally = createLocally(turns);
  const locallyFirst = createLocallyFirst(onServer, locally);

  // Creating is repeated safely. A kill waits for a request under way, so that nothing is made after it was cleaned up:
  // that has to be said, for the SDK's default is in fact to try and not to wait.
  const create = {
    summary: name,
    startToCloseTimeout: '30s',
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: RETRY,
  } as const;

  // Server-side copies: quick, but as long as the object is large; a dead worker shows by its heartbeat.
  const copy = {
    summary: name,
    startToCloseTimeout: '30m',
    heartbeatTimeout: '30s',
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: RETRY,
  } as const;
  const copying = (sizeBytes: number) => (sizeBytes > MAX_LOCAL_COPY_BYTES ? onServer(copy) : locallyFirst(copy));

  // The server's retry timer is the synchronization interval: "nothing new" is a failure that it retries.
  const poll = onServer({
    summary: name,
    startToCloseTimeout: '30s',
    cancellationType: ActivityCancellationType.TRY_CANCEL,
    retry: { initialInterval: synchronizationIntervalMs, backoffCoefficient: 1 },
  });

  // As long as the cluster does not answer, nobody knows that a deadline is over.
  const look = onServer({
    summary: name,
    startToCloseTimeout: '30s',
    cancellationType: ActivityCancellationType.TRY_CANCEL,
    retry: RETRY,
  });

  // A log that cannot be kept never fails a job. The steps themselves give up what a cluster does not give at their third try; a bucket
  // that is away is waited for, as the job cannot end without it anyway. But not for ever, as it may be this log that is refused.
  const keep = {
    summary: name,
    startToCloseTimeout: '40s',
    scheduleToCloseTimeout: '10m',
    heartbeatTimeout: '30s',
    retry: LOG_RETRY,
  } as const;
  const listen = { ...keep, startToCloseTimeout: graceMs + STOP_MS } as const;

  // What it finds is a gain, not a condition.
  const bestEffort = locallyFirst({
    summary: name,
    startToCloseTimeout: '40s',
    retry: { ...LOG_RETRY, maximumAttempts: 3 },
  });

  // One attempt looks for a minute; a pod on a lost node may take hours to be gone, and unknown is not gone.
  const remove = { summary: name, startToCloseTimeout: '2m', heartbeatTimeout: '30s', retry: RETRY } as const;

  // What a failed attempt has is asked to go, and waited for as long as a container has to end, and a little more. The next attempt shares no
  // name with it, and the job ends only when all of it is gone: a lost node may keep its pod for hours.
  const release = onServer({
    summary: name,
    scheduleToCloseTimeout: graceMs + RELEASE_MS,
    retry: RETRY,
  });

  // The queue may be asked twice; "not yet" is a failure that the server retries when the activity says so.
  const queue = onServer({
    summary: name,
    startToCloseTimeout: '10s',
    cancellationType: ActivityCancellationType.TRY_CANCEL,
    retry: RETRY,
  });

  // MongoDB is a mirror: it is written as soon as it can be.
  const mirror = { summary: name, startToCloseTimeout: '10s', retry: RETRY } as const;

  // What a local try has done stands in the history only when its workflow task is over. If that is lost, it is done again, after what has
  // come meanwhile, a kill perhaps: so it may be nothing that anybody is told, but for what is certain, or that must not be followed by a kill.
  return {
    secret: locallyFirst(create).secret,
    volumes: locallyFirst(create).volumes,
    deploy: locallyFirst(create).deploy,
    cleanup: locallyFirst(create).cleanup,
    send: onServer(create).send,
    upload: ((name, spooled) => copying(spooled.sizeBytes).upload(name, spooled)) satisfies Activities['upload'],
    publish: onServer(copy).publish,
    poll: poll.poll,
    look: ((ref, role) => look.poll(ref, role)) satisfies Activities['poll'],
    logs: locallyFirst(keep).logs,
    stop: ((ref, role, podName, containers, isEarlier) =>
      onServer(listen).stop(ref, role, podName, containers, isEarlier, graceMs)) satisfies Activities['stop'],
    inspect: bestEffort.inspect,
    delete: onServer(remove).delete,
    deleteQuickly: locally(remove, DELETE_TIMEOUT_MS).delete,
    release: release.delete,
    discard: locallyFirst(remove).discard,
    record: onServer(mirror).record,
    recordQuickly: locallyFirst(mirror, QUICK_RECORD_MS).record,
    enqueue: queue.enqueue,
    leave: queue.leave,
  };
}

export type Steps = ReturnType<typeof createSteps>;
