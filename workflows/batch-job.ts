import {
  allHandlersFinished,
  CancellationScope,
  condition,
  defineQuery,
  defineSignal,
  log,
  setHandler,
} from '@temporalio/workflow';
import type { Job, JobRequest, Observation } from './contract.ts';
import { isFinal, JOB_QUERY, KILL_SIGNAL, OBSERVED_SIGNAL } from './contract.ts';
import { refOf } from './state.ts';
import { endingOf, JobFailedError } from './failure.ts';
import { createSteps } from './steps.ts';
import type { Steps } from './steps.ts';
import { createTracker } from './tracker.ts';
import type { Tracker } from './tracker.ts';
import { untilEnded } from './wait.ts';
import type { Ended } from './wait.ts';

const killSignal = defineSignal(KILL_SIGNAL);
const observedSignal = defineSignal<[Observation]>(OBSERVED_SIGNAL);
const jobQuery = defineQuery<Job>(JOB_QUERY);

/** What an ending has to take back, last in, first out. */
type Undo = () => Promise<unknown>;

/** One batch job, from the accepted request to the truth about its end. */
export async function batchJob(request: JobRequest): Promise<Job> {
  const steps = createSteps(request);
  const tracker = createTracker(request, steps.record);
  const life = new CancellationScope();
  const undos: Undo[] = [];

  setHandler(jobQuery, () => tracker.job());
  setHandler(observedSignal, (observation) => tracker.notice(observation));
  setHandler(killSignal, () => {
    if (tracker.job().output || isFinal(tracker.job().status)) return;
    tracker.update({ killRequested: true });
    life.cancel();
  });

  let ending: Partial<Job> = { status: 'succeeded' };
  try {
    await life.run(() => run(request, steps, tracker, undos));
  } catch (error) {
    ending = endingOf(error, tracker.job());
  }
  // A cancellation of the whole workflow is a kill, too: even then the ending runs to its end.
  return await CancellationScope.nonCancellable(async () => {
    await end(request, ending, steps, tracker, undos);
    await condition(allHandlersFinished);
    return tracker.job();
  });
}

/** The main line: any step that throws ends it, and what was registered is taken back. */
async function run(request: JobRequest, steps: Steps, tracker: Tracker, undos: Undo[]): Promise<void> {
  const { name, parameters } = request;
  // Last of all, when no pod is left that could still finish an upload.
  let hasUpload = false;
  undos.push(() => steps.discard(name, request.input?.object, hasUpload));
  undos.push(() => steps.delete(refOf(request)));
  const input = await prepare(request, steps);

  tracker.update({ phase: 'starting' });
  const { jobUid } = await steps.deploy(refOf(request), parameters, input);
  const task = await untilEnded('task', jobUid, tracker, steps, request);
  if (task.verdict.kind === 'failed') throw new JobFailedError(task.verdict.failure);

  tracker.update({ status: 'cleaning', phase: 'uploading' });
  hasUpload = true;
  const [upload] = await allSettled([
    uploadOutput(request, jobUid, task, steps, tracker),
    keepLog(request, steps, tracker),
  ]);

  // Published is succeeded: from here on a kill comes too late.
  const { report } = upload.observation;
  const output = await CancellationScope.nonCancellable(() => steps.publish(refOf(request), jobUid, report));
  undos.length = 0;
  undos.push(() => steps.delete(refOf(request)));
  tracker.update({ output });
}

/** Secret, claims and input object do not need each other. */
async function prepare(request: JobRequest, steps: Steps) {
  const { input } = request;
  const [, , stored] = await allSettled([
    steps.secret(),
    steps.volumes(refOf(request), input !== undefined),
    input ? steps.upload(request.name, input) : undefined,
  ]);
  return stored;
}

/** Runs the cleanup Job; a second time as the owner of the files, if these cannot be read by anybody else. */
async function uploadOutput(
  request: JobRequest,
  taskUid: string,
  task: Ended,
  steps: Steps,
  tracker: Tracker,
): Promise<Ended> {
  const { nodeName } = task.observation;
  const placement = nodeName ? { nodeName } : {};
  const first = await runCleanup(placement);
  const { report } = first.observation;
  const owner = report?.ok === false ? report.unreadableOwnerUid : undefined;
  if (first.verdict.kind === 'succeeded' || owner === undefined) return succeededOrThrow(first);
  await steps.delete(refOf(request), 'cleanup');
  return succeededOrThrow(await runCleanup({ ...placement, runAsUser: owner }));

  async function runCleanup(where: { nodeName?: string; runAsUser?: number }): Promise<Ended> {
    const { jobUid } = await steps.cleanup(refOf(request), taskUid, where);
    return await untilEnded('cleanup', jobUid, tracker, steps, request);
  }
}

function succeededOrThrow(ended: Ended): Ended {
  if (ended.verdict.kind === 'failed') throw new JobFailedError(ended.verdict.failure);
  return ended;
}

/** The task's log is kept as soon as the task has ended, or before its pod is deleted; at most once. */
async function keepLog(request: JobRequest, steps: Steps, tracker: Tracker): Promise<void> {
  const { podName } = tracker.seen('task');
  const { startTime, logObject } = tracker.job();
  if (!podName || startTime === undefined || logObject) return;
  try {
    tracker.update({ logObject: await steps.logs(refOf(request), podName) });
  } catch (error) {
    log.warn('the log of the task could not be kept', { error });
  }
}

/** Every job ends here, whatever happened: log kept, everything of it taken back, the truth recorded. */
async function end(
  request: JobRequest,
  ending: Partial<Job>,
  steps: Steps,
  tracker: Tracker,
  undos: Undo[],
): Promise<void> {
  await keepLog(request, steps, tracker);
  tracker.update({ ...(ending.failure && { failure: ending.failure }), phase: 'deleting' });
  for (const undo of undos.toReversed()) await undo().catch((error: unknown) => log.error('undo failed', { error }));
  tracker.update({ ...ending, phase: 'ended', stopTime: Date.now() });
  await tracker.mirrored();
}

/** Waits for all, so that nothing is under way when an ending begins; then throws the first error, if there is one. */
async function allSettled<T extends readonly unknown[]>(
  promises: [...T],
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  const results: readonly PromiseSettledResult<unknown>[] = await Promise.allSettled(promises);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
  return await Promise.all(promises);
}
