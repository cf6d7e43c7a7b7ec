import type {
  V1ContainerStateTerminated,
  V1ContainerStatus,
  V1Job,
  V1ObjectMeta,
  V1Pod,
  V1PodCondition,
} from '@kubernetes/client-node';
import { ranTooLong, tooLong } from './deadline.ts';
import { exitOf, exitSentence, isMadeUp, SIGKILLED } from './exit.ts';
import { epochMs } from './time.ts';
import { couldNotStart } from './runtime.ts';
import { COMMAND_HINT, commandFaultIn, isOutOfMemoryAtStart } from './start-error.ts';
import { parseTransferReport } from '../transfer/report.ts';
import type { ContainerRole, Failure, JobPhase, JobRole } from '../workflows/contract.ts';
import type { FailureReason } from '../workflows/failure-reasons.ts';
import { failureOf } from '../workflows/reasons.ts';

/** Reasons by which a kubelet does not admit a pod, or ends it as its node shuts down, beside `OutOf` and the name of a resource. */
const REJECTIONS = new Set([
  'UnexpectedAdmissionError',
  'NodeAffinity',
  'TopologyAffinityError',
  'InvalidNodeInfo',
  'NodeShutdown',
  'Terminated',
]);

/** Nobody can give a container of ours more memory. */
const TRANSFER_MEMORY_HINT =
  'move fewer files and folders: what is told of each has to fit into the memory of the transfer';

/** The cluster itself is the cause, or what it says leaves no better name. */
export function clusterFailure(role: JobRole, message: string): Failure {
  return failureOf('ClusterError', phaseOf(role), message);
}

/** Why a container that ended with another code than 0 failed: what the node did to it before what it says itself. */
export function failureOfContainer(role: JobRole, status: V1ContainerStatus, pod: V1Pod, job: V1Job): Failure {
  const terminated = status.state?.terminated;
  const disruption = disruptionOf(role, pod);
  if (disruption) return disruption;
  const container = status.name as ContainerRole;
  const { reason, message, hint } = containerCause(role, status, pod, job);
  const facts = { container, ...(terminated && exitOf(terminated)), ...(hint !== undefined && { hint }) };
  return failureOf(reason, phaseOf(role, container), message, facts);
}

/** Why a pod failed without a container that says so. */
export function failureOfPod(role: JobRole, pod: V1Pod, job: V1Job): Failure {
  const message = pod.status?.message ?? `the pod failed: ${pod.status?.reason ?? 'no reason given'}`;
  const disruption = disruptionOf(role, pod);
  if (disruption) return disruption;
  if (isRejected(pod)) return failureOf('ClusterError', role === 'task' ? 'starting' : 'uploading', message);
  return failureOf(isPastDeadline(pod, job) ? 'RunTimeout' : 'Unknown', phaseOf(role), message);
}

/**
 * True when the kubelet did not admit the pod, which the scheduler had given to its node: another pod was quicker, or the node has
 * changed. Older kubelets do not say so in their message.
 */
function isRejected({ status: { reason = '', message = '' } = {} }: V1Pod): boolean {
  return message.startsWith('Pod was rejected') || reason.startsWith('OutOf') || REJECTIONS.has(reason);
}

interface Cause {
  readonly reason: FailureReason;
  readonly message: string;
  readonly hint?: string;
}

function containerCause(role: JobRole, status: V1ContainerStatus, pod: V1Pod, job: V1Job): Cause {
  const terminated = status.state?.terminated;
  const isLost = isMadeUp(terminated);
  if (ranTooLong(status, pod)) return { reason: 'RunTimeout', message: tooLong(status, pod) };
  if (!isLost && isOutOfMemory(status, pod)) return outOfMemory(status);
  if (wasInterrupted(pod, terminated)) return interruption(status, pod, job);
  if (isLost) return { reason: 'NodeLost', message: terminated?.message ?? endSentence(status) };
  if (status.name !== 'task') return transferCause(role, status.name, terminated);
  return taskCause(terminated);
}

function outOfMemory({ name }: V1ContainerStatus): Cause {
  const hint = name === 'task' ? {} : { hint: TRANSFER_MEMORY_HINT };
  return { reason: 'OOMKilled', message: `container ${name} ran out of memory`, ...hint };
}

function taskCause(terminated: V1ContainerStateTerminated | undefined): Cause {
  if (!couldNotStart(terminated)) return { reason: 'UserError', message: exitSentence(terminated) };
  const fault = commandFaultIn(terminated?.message);
  if (fault) return { reason: 'UserError', message: fault.message, hint: COMMAND_HINT };
  return { reason: 'UserError', message: `the container could not be started: ${terminated?.message ?? ''}` };
}

function endSentence({ name, state }: V1ContainerStatus): string {
  return `container ${name} ${exitSentence(state?.terminated)}`;
}

function interruption(status: V1ContainerStatus, pod: V1Pod, job: V1Job): Cause {
  const end = endSentence(status);
  return isPastDeadline(pod, job)
    ? { reason: 'RunTimeout', message: `the Kubernetes Job ran into its own deadline: ${end}` }
    : { reason: 'ClusterError', message: `somebody deleted the pod: ${end}` };
}

function transferCause(role: JobRole, name: string, terminated: V1ContainerStateTerminated | undefined): Cause {
  const report = parseTransferReport(terminated?.message ?? '');
  if (report && !report.ok) return { reason: report.reason, message: report.message };
  return { reason: transferReasonOf(role), message: `container ${name}: ${exitSentence(terminated)}` };
}

/** What a transfer of a pod of this role has not done when it fails without a report. */
export function transferReasonOf(role: JobRole): FailureReason {
  return role === 'task' ? 'InputUnavailable' : 'OutputUploadFailed';
}

/**
 * The kernel's verdict as the runtime reports it, or SIGKILL under a memory limit that nobody sent.
 * `OOMKilled` is not a standard: some runtimes leave it out (KEP-3329).
 */
function isOutOfMemory(status: V1ContainerStatus, pod: V1Pod): boolean {
  const terminated = status.state?.terminated;
  if (terminated?.reason === 'OOMKilled') return true;
  if (couldNotStart(terminated)) return isOutOfMemoryAtStart(terminated?.message);
  const containers = [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])];
  const limited = containers.find(({ name }) => name === status.name)?.resources?.limits?.['memory'] !== undefined;
  return limited && terminated?.exitCode === SIGKILLED && !pod.metadata?.deletionTimestamp;
}

/** Why the cluster ended the pod, when it says so: eviction, preemption, a lost node, a full disk. */
function disruptionOf(role: JobRole, pod: V1Pod): Failure | undefined {
  const condition = disruptionTarget(pod);
  const podReason = pod.status?.reason;
  const message = pod.status?.message ?? condition?.message ?? podReason ?? '';
  if (podReason === 'Evicted' && /ephemeral|emptydir|disk|inode/i.test(message)) {
    return failureOf('DiskFull', phaseOf(role), message);
  }
  if (isOnLostNode(pod)) return failureOf('NodeLost', phaseOf(role), message || 'the node of the pod is lost');
  return podReason === 'Evicted' || condition ? failureOf('Evicted', phaseOf(role), message) : undefined;
}

/** True when the cluster gave up the node under the pod, or the pod because its node is gone. */
export function isOnLostNode(pod: V1Pod): boolean {
  const reason = disruptionTarget(pod)?.reason ?? '';
  return pod.status?.reason === 'NodeLost' || ['DeletionByTaintManager', 'DeletionByPodGC'].includes(reason);
}

function disruptionTarget(pod: V1Pod): V1PodCondition | undefined {
  return pod.status?.conditions?.find(({ type, status }) => type === 'DisruptionTarget' && status === 'True');
}

/** True when a container ended only after its pod was asked to go: whatever its exit code says, it was stopped. */
export function wasInterrupted({ metadata }: V1Pod, terminated: V1ContainerStateTerminated | undefined): boolean {
  const requestedMs = deletionRequestedMs(metadata);
  const finishedMs = epochMs(terminated?.finishedAt);
  if (requestedMs === undefined || finishedMs === undefined) return requestedMs !== undefined;
  return finishedMs >= requestedMs;
}

/** True when the pod was asked to go at the deadline of its Job: by the cluster, which may say so later. */
function isPastDeadline({ metadata }: V1Pod, { spec, status }: V1Job): boolean {
  const requestedMs = deletionRequestedMs(metadata);
  const startedMs = epochMs(status?.startTime);
  if (requestedMs === undefined || startedMs === undefined || spec?.activeDeadlineSeconds === undefined) return false;
  return requestedMs >= startedMs + spec.activeDeadlineSeconds * 1000;
}

/** The time of a deletion stands for its end: the request came a grace period earlier. */
function deletionRequestedMs(metadata: V1ObjectMeta | undefined): number | undefined {
  const deletedMs = epochMs(metadata?.deletionTimestamp);
  return deletedMs === undefined ? undefined : deletedMs - (metadata?.deletionGracePeriodSeconds ?? 0) * 1000;
}

/** What a pod of this role does while this container of it runs, by default its main one. */
export function phaseOf(role: JobRole, container?: ContainerRole): JobPhase {
  if (container === 'input') return 'downloading';
  return role === 'task' ? 'running' : 'uploading';
}
