import type { V1ContainerStatus, V1Job, V1JobCondition, V1Pod } from '@kubernetes/client-node';
import { parseTransferLog, parseTransferReport } from '../transfer/report.ts';
import type { ContainerRole, Failure, JobRole } from '../workflows/contract.ts';
import type { Observation } from '../workflows/observation.ts';
import { clusterFailure, failureOfContainer, failureOfPod, isOnLostNode, wasInterrupted } from './failure.ts';
import { ranTooLong } from './deadline.ts';
import { exitCodeOf } from './exit.ts';
import { rolesIn } from './names.ts';
import { failedContainer, hasUploadBegun, isShutOut, mainStatus, playsBothRoles, statusesBefore } from './parts.ts';
import { statusesOf } from './pod.ts';
import { epochMs } from './time.ts';
import { queuedTrouble, troubleOf } from './trouble.ts';
import { judgeUnseen } from './unseen.ts';

/**
 * Judges how far a Kubernetes Job has come: the level, from all conditions and all container statuses, whatever was seen before.
 *
 * @param role which of a job's two Jobs this is
 * @param job the Job; undefined only when the cluster said that there is none
 * @param pods pods of the job; those of other Jobs are left aside
 * @param wasStopped true when the cluster noted that it stopped the main container; matters only of a pod that is gone
 */
export function observe(
  role: JobRole,
  job: V1Job | undefined,
  pods: readonly V1Pod[],
  wasStopped = false,
): Observation {
  if (!job) return { role, stage: 'missing', failure: missingFailure(role) };
  const pod = podOf(job, pods);
  return { ...identify(role, job, pod), ...judge(role, job, pod, wasStopped) };
}

/**
 * False when the Job has ended and none of `pods` shows how: what was seen of the two is not of one moment, or the pod is gone. A Job
 * ends after its pods.
 */
export function showsItsEnd(role: JobRole, job: V1Job, pods: readonly V1Pod[]): boolean {
  if (!endingCondition(job)) return true;
  const pod = podOf(job, pods);
  return pod !== undefined && (judgeEnd(role, job, pod) !== undefined || isGivenUp(pod) || isShutOut(role, pod));
}

/** All that a transfer container has said, where it tells that itself; undefined when only its log has it. */
export function transferLogIn(pod: V1Pod, container: ContainerRole): string | undefined {
  // A task may say what it likes.
  if (container === 'task') return undefined;
  const terminated = statusesOf(pod).find(({ name }) => name === container)?.state?.terminated;
  return terminated?.exitCode === 0 ? parseTransferLog(terminated.message ?? '') : undefined;
}

type Judgement = Pick<Observation, 'stage' | 'exitCode' | 'failure' | 'trouble' | 'report'>;

function judge(role: JobRole, job: V1Job, pod: V1Pod | undefined, wasStopped: boolean): Judgement {
  const ended = pod && judgeEnd(role, job, pod);
  if (ended) return ended;
  if (pod && isShutOut(role, pod)) return { stage: 'pending' };
  if (pod && isGivenUp(pod)) return { stage: 'failed', failure: failureOfPod(role, pod, job) };
  const condition = endingCondition(job);
  if (condition) return judgeUnseen(role, condition, wasStopped);
  if (!pod) return { stage: 'pending', ...queuedTrouble(job) };
  return judgeProgress(role, pod);
}

/** The end of a pod: its main container's, its init container's, or the pod's own when no container says why. */
function judgeEnd(role: JobRole, job: V1Job, pod: V1Pod): Judgement | undefined {
  const status = mainStatus(role, pod);
  const main = status?.state?.terminated;
  // An upload proves itself; a task that was stopped may say 0 all the same.
  if (status && main && role === 'task' && wasStopped(status, pod)) return failedJudgement(role, status, job, pod);
  if (main?.exitCode === 0 && isBelieved(role, pod))
    return { stage: 'succeeded', exitCode: 0, ...reportOf(main.message) };
  const failed = failedContainer(role, pod);
  if (failed) return failedJudgement(role, failed, job, pod);
  if (isFailed(pod) && !isShutOut(role, pod)) return { stage: 'failed', failure: failureOfPod(role, pod, job) };
  return undefined;
}

/** True when the container had to end, and did not do so by itself. */
function wasStopped(status: V1ContainerStatus, pod: V1Pod): boolean {
  return wasInterrupted(pod, status.state?.terminated) || ranTooLong(status, pod);
}

/**
 * True when a container that ended with 0 did so by itself. A pod that the node ended has failed although its containers say 0; but one
 * that plays both roles fails for another container, too.
 */
function isBelieved(role: JobRole, pod: V1Pod): boolean {
  if (!isFailed(pod)) return true;
  if (!playsBothRoles(pod)) return false;
  return role === 'cleanup' || hasUploadBegun(pod) || pod.status?.reason === undefined;
}

function failedJudgement(role: JobRole, status: V1ContainerStatus, job: V1Job, pod: V1Pod): Judgement {
  const terminated = status.state?.terminated;
  const exitCode = terminated && status.name === role ? exitCodeOf(terminated) : undefined;
  return {
    stage: 'failed',
    failure: failureOfContainer(role, status, pod, job),
    ...(exitCode !== undefined && { exitCode }),
    ...reportOf(terminated?.message),
  };
}

function judgeProgress(role: JobRole, pod: V1Pod): Judgement {
  if (mainStatus(role, pod)?.state?.running) return { stage: 'running' };
  const before = statusesBefore(role, pod);
  if (before.some(({ state }) => state?.running)) return { stage: 'downloading' };
  const trouble = troubleOf(role, pod);
  // The images of the later containers are pulled when the first have ended.
  const stage = before.some(({ state }) => state?.terminated) ? 'downloaded' : 'pending';
  return { stage, ...(trouble && { trouble }) };
}

/** A Job has one pod; when the cluster made two of it, the one that succeeded counts, else the newest. */
function podOf(job: V1Job, pods: readonly V1Pod[]): V1Pod | undefined {
  const own = pods.filter((pod) => pod.metadata?.ownerReferences?.some(({ uid }) => uid === job.metadata?.uid));
  return own.find((pod) => pod.status?.phase === 'Succeeded') ?? newest(own);
}

/** The newest of a job's pods in `role`. */
export function newestPodOf(pods: readonly V1Pod[], role: JobRole): V1Pod | undefined {
  return newest(pods.filter(({ metadata }) => rolesIn(metadata?.labels).includes(role)));
}

function newest(pods: readonly V1Pod[]): V1Pod | undefined {
  return pods.toSorted((a, b) => createdMs(b) - createdMs(a))[0];
}

function identify(role: JobRole, job: V1Job, pod: V1Pod | undefined) {
  const startTime = epochMs(job.status?.startTime);
  return {
    role,
    ...(job.metadata?.uid && { jobUid: job.metadata.uid }),
    ...(startTime !== undefined && { startTime }),
    ...(pod?.metadata?.name && { podName: pod.metadata.name }),
    ...(pod?.metadata?.uid && { podUid: pod.metadata.uid }),
    ...(pod?.spec?.nodeName && { nodeName: pod.spec.nodeName }),
  };
}

function endingCondition(job: V1Job): V1JobCondition | undefined {
  const isTrue = (type: string) => job.status?.conditions?.find((c) => c.type === type && c.status === 'True');
  return isTrue('Failed') ?? isTrue('Complete');
}

/** The cluster has given the node up: its kubelet will tell nothing of this pod any more. */
function isGivenUp(pod: V1Pod): boolean {
  return pod.metadata?.deletionTimestamp !== undefined && isOnLostNode(pod);
}

function isFailed(pod: V1Pod): boolean {
  return pod.status?.phase === 'Failed';
}

function createdMs(pod: V1Pod): number {
  return epochMs(pod.metadata?.creationTimestamp) ?? 0;
}

function reportOf(message: string | undefined): Pick<Observation, 'report'> {
  const report = parseTransferReport(message ?? '');
  return report ? { report } : {};
}

function missingFailure(role: JobRole): Failure {
  return clusterFailure(role, 'the Kubernetes Job was deleted by somebody else while the job ran');
}
