import fc from 'fast-check';
import type { FailureReason } from '../../workflows/failure-reasons.ts';
import type { ObservedStage } from '../../workflows/observation.ts';
import {
  beginnings,
  complete,
  DEADLINE_SECONDS,
  deletedMetadata,
  deletion,
  disruption,
  exitedWith,
  failed,
  HURDLES,
  jobGone,
  pod,
  podGone,
  stoppedAt,
} from './job-moments.ts';
import type { Moment } from './job-moments.ts';
import { aKubernetesJob, ended, running, waiting } from './objects.ts';
import type { PodShape } from './objects.ts';

/** How a task may be said to have ended. */
interface TrueEnd {
  readonly stage: ObservedStage;
  readonly reason?: FailureReason;
}

/** All that becomes true of one Kubernetes Job and its pod, in its order, and what may be said of it in the end. */
export interface Life {
  readonly name: string;
  readonly moments: readonly Moment[];
  /** More than one where what would tell them apart is gone with the pod. */
  readonly ends: readonly TrueEnd[];
  /** What the task exited with; undefined when nobody knows. */
  readonly exitCode?: number;
}

/** What the pod shows of its input once that has come. */
type Init = Pick<PodShape, 'init'>;
type Ending = (init: Init) => Omit<Life, 'name'>;

/** A task that ends by itself. */
function exits(exitCode: number, reason: FailureReason, more: Parameters<typeof ended>[1] = {}): Ending {
  const phase = exitCode === 0 ? 'Succeeded' : 'Failed';
  const isKnown = reason !== 'NodeLost';
  return (init) => ({
    moments: [
      pod({ phase: 'Running', ...init, main: running }),
      pod({ phase: 'Running', ...init, main: ended(exitCode, more) }),
      pod({ phase, ...init, main: ended(exitCode, more) }),
      ...(exitCode === 0 ? complete : exitedWith(exitCode)),
    ],
    ends: [exitCode === 0 ? { stage: 'succeeded' } : { stage: 'failed', reason }],
    ...(isKnown && { exitCode }),
  });
}

/** A task whose pod is deleted while it runs, for `reason`. */
function stopped(exitCode: number, reason: FailureReason, status: PodShape['status'] = {}): Ending {
  const afterSeconds = reason === 'RunTimeout' ? DEADLINE_SECONDS : DEADLINE_SECONDS / 2;
  const phase = exitCode === 0 ? 'Succeeded' : 'Failed';
  const main = ended(exitCode, { finishedAt: stoppedAt(afterSeconds) });
  const whyFailed = reason === 'Evicted' ? disruption : exitedWith(exitCode);
  const [target, end] = reason === 'RunTimeout' ? failed('DeadlineExceeded') : whyFailed;
  const isCounted = exitCode === 0 && reason !== 'RunTimeout';
  return (init) => ({
    moments: [
      pod({ phase: 'Running', ...init, main: running, status }),
      pod({ phase: 'Running', ...init, main: running, status }, deletion(afterSeconds)),
      ...(reason === 'RunTimeout' ? [target as Moment] : []),
      pod({ phase, ...init, main, status }, deletion(afterSeconds)),
      podGone,
      ...(isCounted ? complete : [end as Moment]),
    ],
    ends: [{ stage: 'failed', reason }],
    exitCode,
  });
}

/** A pod that its node ends, with or without a word of its container. */
function evicted(message: string, reason: FailureReason, isSilent: boolean): Ending {
  const status = { reason: 'Evicted', message };
  return (init) => ({
    moments: [
      pod({ phase: 'Running', ...init, main: running }),
      pod({ phase: 'Failed', ...init, ...(!isSilent && { main: ended(137) }), status }),
      ...(isSilent ? failed('BackoffLimitExceeded') : exitedWith(137)),
    ],
    ends: [{ stage: 'failed', reason }],
    ...(!isSilent && { exitCode: 137 }),
  });
}

const lostNode: Ending = (init) => {
  const status = { conditions: [{ type: 'DisruptionTarget', status: 'True', reason: 'DeletionByTaintManager' }] };
  return {
    moments: [pod({ phase: 'Running', ...init, main: running, status }, deletion(1)), podGone, ...disruption],
    ends: [
      { stage: 'failed', reason: 'NodeLost' },
      { stage: 'failed', reason: 'Evicted' },
    ],
  };
};

/** Somebody deletes the Job while its task runs: the Job goes before its pod, or after it. */
function jobDeleted(isInForeground: boolean): Ending {
  const going = [
    (init: Init) => pod({ phase: 'Running', ...init, main: running }, deletion(1)),
    (init: Init) => pod({ phase: 'Failed', ...init, main: ended(143, { finishedAt: stoppedAt(1) }) }, deletion(1)),
    () => podGone,
  ];
  const deleted: Moment = { kind: 'job', object: { ...aKubernetesJob(), metadata: deletedMetadata() } };
  return (init) => {
    const pods = going.map((make) => make(init));
    return {
      moments: [
        pod({ phase: 'Running', ...init, main: running }),
        ...(isInForeground ? [deleted, ...pods, jobGone] : [jobGone, ...pods]),
      ],
      ends: [
        { stage: 'missing', reason: 'ClusterError' },
        { stage: 'failed', reason: 'ClusterError' },
      ],
      exitCode: 143,
    };
  };
}

/** Somebody deletes a Job that has ended, and its pod goes with it. */
const deletedAfterwards: Ending = (init) => {
  const { moments, ends, exitCode } = exits(0, 'Unknown')(init);
  return {
    moments: [...moments, jobGone, podGone],
    ends: [...ends, { stage: 'missing', reason: 'ClusterError' }],
    ...(exitCode !== undefined && { exitCode }),
  };
};

/** A pod that nobody can start: the cluster goes on trying. */
const neverStarts: Ending = () => ({
  moments: [pod({ main: waiting('InvalidImageName', 'couldn’t parse image reference') })],
  ends: [{ stage: 'pending', reason: 'InvalidImageName' }],
});

/** A pod that nobody could start until the deadline of its Job. */
const neverStartsInTime: Ending = () => ({
  moments: [
    pod({ main: waiting('ContainerCreating') }, deletion(DEADLINE_SECONDS)),
    pod({ phase: 'Failed', main: waiting('ContainerCreating') }, deletion(DEADLINE_SECONDS)),
    podGone,
    ...failed('DeadlineExceeded'),
  ],
  ends: [{ stage: 'failed', reason: 'RunTimeout' }],
});

const badInput: Ending = () => {
  const message = JSON.stringify({ ok: false, reason: 'InputInvalid', message: 'entry ../x leaves the folder' });
  return {
    moments: [
      pod({ init: ended(1, { message }), main: waiting('PodInitializing') }),
      pod({ phase: 'Failed', init: ended(1, { message }), main: waiting('PodInitializing') }),
      ...exitedWith(1, 'input'),
    ],
    ends: [{ stage: 'failed', reason: 'InputInvalid' }],
  };
};

const disrupted = (reason: string) => ({ conditions: [{ type: 'DisruptionTarget', status: 'True', reason }] });
const DISK_MESSAGE = 'Pod ephemeral local storage usage exceeds the total limit of containers 1Gi.';

const anyExit = fc
  .integer({ min: 1, max: 255 })
  .map((code): readonly [string, Ending] => [`exits with ${code}`, exits(code, 'UserError')]);

/** Every way a task can end, by its name. */
const anyEnding: fc.Arbitrary<readonly [string, Ending]> = fc.oneof(
  anyExit,
  fc.constantFrom<readonly [string, Ending]>(
    ['succeeds', exits(0, 'Unknown')],
    ['runs out of memory', exits(137, 'OOMKilled', { reason: 'OOMKilled' })],
    ['cannot be started', exits(128, 'UserError', { reason: 'StartError', message: 'exec: "nope": not found' })],
    ['loses its runtime before it starts', exits(128, 'NodeLost', { reason: 'StartError', message: 'ttrpc: closed' })],
    ['is lost by its kubelet', exits(137, 'NodeLost', { reason: 'ContainerStatusUnknown' })],
    ['is evicted', evicted('The node was low on resource: memory.', 'Evicted', false)],
    ['is evicted without a word', evicted('The node was low on resource: memory.', 'Evicted', true)],
    ['fills the disk', evicted(DISK_MESSAGE, 'DiskFull', true)],
    ['is preempted', stopped(143, 'Evicted', disrupted('PreemptionByScheduler'))],
    ['is on a node that is lost', lostNode],
    ['loses its pod', stopped(143, 'ClusterError')],
    ['loses its pod and says 0', stopped(0, 'ClusterError')],
    ['runs until the deadline of its Job', stopped(143, 'RunTimeout')],
    ['ends well at the deadline of its Job', stopped(0, 'RunTimeout')],
    ['loses its Job, the Job first', jobDeleted(false)],
    ['loses its Job, the pod first', jobDeleted(true)],
    ['succeeds and loses its Job then', deletedAfterwards],
    ['never starts', neverStarts],
    ['does not start until the deadline of its Job', neverStartsInTime],
    ['has an input that is refused', badInput],
  ),
);

/** Any life of one Kubernetes Job of the task of {@link aRequest}, from its creation to its end. */
export const anyLife: fc.Arbitrary<Life> = fc
  .record({
    isQueued: fc.boolean(),
    hasInput: fc.boolean(),
    hurdles: fc.uniqueArray(fc.constantFrom(...HURDLES), { maxLength: 2 }),
    laterHurdles: fc.uniqueArray(fc.constantFrom(...HURDLES.slice(1)), { maxLength: 1 }),
    ending: anyEnding,
  })
  .map(({ isQueued, hasInput, hurdles, laterHurdles, ending: [name, ending] }) => {
    const isStarted = ending !== neverStarts && ending !== neverStartsInTime;
    const withInput = (hasInput && isStarted) || ending === badInput;
    const init: Init = withInput ? { init: ended(0) } : {};
    const downloads = [pod({ init: running, main: waiting('PodInitializing') })];
    const downloaded = ending === badInput ? [] : laterHurdles.map((hurdle) => pod({ ...hurdle, ...init }));
    const { moments, ...end } = ending(init);
    // No watch and no look is so late that at its deadline it does not know that the Job has begun.
    const isLong = end.ends.some(({ reason }) => reason === 'RunTimeout');
    const start = [...beginnings(isQueued).slice(isLong ? 1 : 0), pod({}), ...hurdles.map((hurdle) => pod(hurdle))];
    const all = [...start, ...(withInput ? [...downloads, ...downloaded] : []), ...moments];
    return { name, moments: all, ...end, [fc.toStringMethod]: () => `a task that ${name}, ${all.length} moments` };
  });
