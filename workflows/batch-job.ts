import {
  allHandlersFinished,
  CancellationScope,
  condition,
  defineQuery,
  defineSignal,
  log,
  setHandler,
} from '@temporalio/workflow';
import { createAlarm } from './alarm.ts';
import type { JobContext } from './context.ts';
import type { Job, JobRequest } from './contract.ts';
import { isOnePod, refOf } from './observation.ts';
import type { Observation } from './observation.ts';
import { isFinal } from './contract.ts';
import { ADMIT_SIGNAL, JOB_QUERY, KILL_SIGNAL, OBSERVED_SIGNAL } from './names.ts';
import { endingOf, JobFailedError } from './failure.ts';
import { keepLogs, ofBoth } from './logs.ts';
import { publishOutput } from './output.ts';
import { untilAdmitted } from './queueing.ts';
import { retryOrThrow } from './retrying.ts';
import { allSettled } from './settled.ts';
import { attemptOf, attemptRefOf, attemptSpecOf } from './state.ts';
import { createSteps } from './steps.ts';
import { taskFailure } from './task-failure.ts';
import { createTracker } from './tracker.ts';
import { createTurns } from './turns.ts';
import { untilEnded } from './wait.ts';

const killSignal = defineSignal(KILL_SIGNAL);
const admitSignal = defineSignal(ADMIT_SIGNAL);
const observedSignal = defineSignal<[Observation]>(OBSERVED_SIGNAL);
const jobQuery = defineQuery<Job>(JOB_QUERY);

/** One batch job, from the accepted request to the truth about its end. */
export async function batchJob(request: JobRequest): Promise<Job> {
  // A cancellation of the whole workflow is a kill like any other: it is heard in its turn, and the ending runs to its end.
  const { cancelRequested } = CancellationScope.current();
  return await CancellationScope.nonCancellable(() => live(request, cancelRequested));
}

async function live(request: JobRequest, cancelRequested: Promise<never>): Promise<Job> {
  const turns = createTurns();
  const alarm = createAlarm(turns);
  const steps = createSteps(request, turns);
  const tracker = createTracker(request, steps, alarm);
  const context: JobContext = { request, steps, tracker, alarm, undos: [], hasUpload: false, isAdmitted: false };
  const life = new CancellationScope();

  setHandler(jobQuery, () => tracker.job());
  setHandler(admitSignal, async () => {
    await turns.next();
    context.isAdmitted = true;
    alarm.ring();
  });
  setHandler(observedSignal, async (observation) => {
    await turns.next();
    tracker.notice(observation);
  });
  const kill = async () => {
    await turns.last();
    if (tracker.job().output || isFinal(tracker.job().status)) return;
    tracker.update({ killRequested: true });
    life.cancel();
  };
  setHandler(killSignal, kill);
  void cancelRequested.catch(kill);

  let ending: Partial<Job> = { status: 'succeeded' };
  try {
    await life.run(() => run(context));
  } catch (error) {
    ending = endingOf(error, tracker.job());
  }
  await end(context, ending);
  await condition(allHandlersFinished);
  return tracker.job();
}

/** The main line: one attempt, and others after it as long as its failures are to be tried again. */
async function run(context: JobContext): Promise<void> {
  const { request, steps, tracker, undos } = context;
  // Last of all, when no pod is left that could still finish an upload.
  undos.push(() => steps.discard(request.name, request.input?.object, context.hasUpload));
  if (request.isQueued) await untilAdmitted(context);
  undos.push(() => steps.delete(refOf(request)));
  while (!(await succeeds(context)));

  undos.length = 0;
  // What earlier attempts may have sent is nobody's.
  if (attemptOf(tracker.job()) > 1) undos.push(() => steps.discard(request.name, undefined, true));
  undos.push(() => deleteEnded(context));
}

/** @returns false when the attempt has failed and the next one may begin; throws when none follows */
async function succeeds(context: JobContext): Promise<boolean> {
  try {
    await attempt(context);
    return true;
  } catch (error) {
    await retryOrThrow(context, error);
    return false;
  }
}

/** Any step that throws ends it. */
async function attempt(context: JobContext): Promise<void> {
  const { request, steps, tracker } = context;
  const again = attemptSpecOf(tracker.job());
  const input = await prepare(context);

  // In one pod the upload follows the task before anybody hears of it, unless the task has failed.
  const { hasUpload } = context;
  context.hasUpload ||= isOnePod(refOf(request));
  const deployed = steps.deploy(request, input, ...(again ? [again] : []));
  tracker.update({ phase: 'starting' });
  const { jobUid } = await deployed;
  const task = await untilEnded('task', jobUid, context);
  if (task.observation.stage === 'failed') context.hasUpload = hasUpload;
  if (task.verdict.kind === 'failed') throw await taskFailure(context, task.verdict.failure);

  tracker.update({ status: 'cleaning', phase: 'uploading' });
  const published = publishOutput(context, jobUid, task.observation, true);
  const [unreadable] = await allSettled([published, keepLogs(context, 'task')]);
  if (unreadable) throw new JobFailedError(unreadable);
}

/** Secret, claims and input object do not need each other. What an earlier attempt has done already is met as done. */
async function prepare({ request, steps, tracker }: JobContext) {
  const { input, parameters } = request;
  const ref = attemptRefOf(tracker.job());
  const [, , stored] = await allSettled([
    steps.secret(),
    isOnePod(ref) ? undefined : steps.volumes(ref, input !== undefined, parameters.storage),
    input ? steps.upload(request.name, input) : undefined,
  ]);
  return stored;
}

/** Of a job that has succeeded all is gone soon, so that nobody need be told of it before the end; else a server is away. */
async function deleteEnded({ request, steps, tracker }: JobContext): Promise<void> {
  try {
    await steps.deleteQuickly(refOf(request));
  } catch {
    tracker.tell();
    await steps.delete(refOf(request));
  }
}

/** Every job ends here, whatever happened: logs kept, everything of it taken back, the truth recorded. */
async function end(context: JobContext, ending: Partial<Job>): Promise<void> {
  const { steps, tracker, undos } = context;
  const isTold = ending.status !== 'succeeded';
  const change = { ...(ending.failure && { failure: ending.failure }), phase: 'deleting' } as const;
  if (isTold) tracker.update(change);
  else tracker.note(change);
  await ofBoth(refOf(context.request), (role) => keepLogs(context, role));
  if (isTold) tracker.tell();
  for (const undo of undos.toReversed()) await undo().catch((error: unknown) => log.error('undo failed', { error }));
  // Only now: what another job may take must be free.
  if (context.request.isQueued) await steps.leave(context.request.name);
  const now = Date.now();
  tracker.update({ ...ending, phase: 'ended', releasedTime: now, stopTime: now });
  await tracker.mirrored();
}
