import type { V1ContainerStateTerminated, V1ContainerStatus, V1JobCondition, V1Pod } from '@kubernetes/client-node';
import { parseTransferReport } from '../transfer/report.ts';
import type { ContainerRole, Failure, FailureReason, JobPhase, JobRole } from '../workflows/contract.ts';

/** Exit code of a process that SIGKILL ended: 128 + 9. */
const SIGKILLED = 137;

/** Reasons containerd and others give when a container's process could not be started at all. */
const CANNOT_START = new Set(['StartError', 'ContainerCannotRun', 'RunContainerError']);

const HINTS: Partial<Record<FailureReason, string>> = {
  OOMKilled: 'ask for more memory in resources.limits.memory',
  DiskFull: 'write less, or ask for more storage',
  Evicted: 'the cluster took the node for something else; send the job again',
  NodeLost: 'the node went away; send the job again',
};

const RETRYABLE = new Set<FailureReason>([
  'Evicted',
  'NodeLost',
  'InputUnavailable',
  'OutputUploadFailed',
  'ClusterError',
]);

/** Builds a failure; the hint and whether a retry can help follow from the reason. */
export function failureOf(
  reason: FailureReason,
  phase: JobPhase,
  message: string,
  more: Pick<Failure, 'container' | 'exitCode' | 'signal'> = {},
): Failure {
  const hint = HINTS[reason];
  return { reason, phase, message, ...more, ...(hint && { hint }), retryable: RETRYABLE.has(reason) };
}

/** The cluster itself is the cause, or what it says leaves no better name. */
export function clusterFailure(role: JobRole, message: string): Failure {
  return failureOf('ClusterError', phaseOf(role), message);
}

/** Why a container that ended with another code than 0 failed: what the node did to it before what it says itself. */
export function failureOfContainer(role: JobRole, status: V1ContainerStatus, pod: V1Pod): Failure {
  const terminated = status.state?.terminated;
  const disruption = disruptionOf(role, pod);
  if (disruption) return disruption;
  const container = status.name as ContainerRole;
  const phase = container === 'input' ? 'downloading' : phaseOf(role);
  const facts = { container, ...exitOf(terminated) };
  const { reason, message } = containerCause(role, status, pod);
  return failureOf(reason, phase, message, facts);
}

/** Why a pod failed without a container that says so. */
export function failureOfPod(role: JobRole, pod: V1Pod): Failure {
  const message = pod.status?.message ?? `the pod failed: ${pod.status?.reason ?? 'no reason given'}`;
  return disruptionOf(role, pod) ?? failureOf('Unknown', phaseOf(role), message);
}

/** Why a Job failed when its pod cannot be read any more. */
export function failureOfJob(role: JobRole, condition: V1JobCondition): Failure {
  const message = `${condition.reason ?? 'Failed'}: ${condition.message ?? ''}`.trim();
  const reason = condition.reason === 'DeadlineExceeded' ? 'RunTimeout' : 'Unknown';
  return failureOf(reason, phaseOf(role), `${message}; the pod was gone before its exit code could be read`);
}

interface Cause {
  readonly reason: FailureReason;
  readonly message: string;
}

function containerCause(role: JobRole, status: V1ContainerStatus, pod: V1Pod): Cause {
  const terminated = status.state?.terminated;
  if (isOutOfMemory(status, pod)) return { reason: 'OOMKilled', message: `container ${status.name} ran out of memory` };
  if (CANNOT_START.has(terminated?.reason ?? '')) {
    return { reason: 'UserError', message: `the container could not be started: ${terminated?.message ?? ''}` };
  }
  if (status.name === 'task') return { reason: 'UserError', message: exitSentence(terminated) };
  return transferCause(role, status.name, terminated);
}

function transferCause(role: JobRole, name: string, terminated: V1ContainerStateTerminated | undefined): Cause {
  const report = parseTransferReport(terminated?.message ?? '');
  if (report && !report.ok) return { reason: report.reason, message: report.message };
  const reason = role === 'task' ? 'InputUnavailable' : 'OutputUploadFailed';
  return { reason, message: `container ${name}: ${exitSentence(terminated)}` };
}

/**
 * The kernel's verdict as the runtime reports it, or SIGKILL under a memory limit that nobody sent.
 * `OOMKilled` is not a standard: some runtimes leave it out (KEP-3329).
 */
function isOutOfMemory(status: V1ContainerStatus, pod: V1Pod): boolean {
  const terminated = status.state?.terminated;
  if (terminated?.reason === 'OOMKilled') return true;
  const containers = [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])];
  const limited = containers.find(({ name }) => name === status.name)?.resources?.limits?.['memory'] !== undefined;
  return limited && terminated?.exitCode === SIGKILLED && !pod.metadata?.deletionTimestamp;
}

/** Why the cluster ended the pod, when it says so: eviction, preemption, a lost node, a full disk. */
function disruptionOf(role: JobRole, pod: V1Pod): Failure | undefined {
  const condition = pod.status?.conditions?.find(
    ({ type, status }) => type === 'DisruptionTarget' && status === 'True',
  );
  const podReason = pod.status?.reason;
  const message = pod.status?.message ?? condition?.message ?? podReason ?? '';
  if (podReason === 'Evicted' && /ephemeral|emptydir|disk|inode/i.test(message)) {
    return failureOf('DiskFull', phaseOf(role), message);
  }
  if (podReason === 'NodeLost' || condition?.reason === 'DeletionByTaintManager') {
    return failureOf('NodeLost', phaseOf(role), message);
  }
  return podReason === 'Evicted' || condition ? failureOf('Evicted', phaseOf(role), message) : undefined;
}

function exitOf(terminated: V1ContainerStateTerminated | undefined): Pick<Failure, 'exitCode' | 'signal'> {
  if (!terminated) return {};
  const signal =
    terminated.signal || (terminated.exitCode > 128 && terminated.exitCode < 160 ? terminated.exitCode - 128 : 0);
  return { exitCode: terminated.exitCode, ...(signal && { signal }) };
}

function exitSentence(terminated: V1ContainerStateTerminated | undefined): string {
  return terminated ? `exited with code ${terminated.exitCode}` : 'ended without a word';
}

function phaseOf(role: JobRole): JobPhase {
  return role === 'task' ? 'running' : 'uploading';
}
