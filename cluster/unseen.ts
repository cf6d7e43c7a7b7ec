import { constants } from 'node:os';
import type { V1JobCondition } from '@kubernetes/client-node';
import type { ContainerRole, Failure, JobRole } from '../workflows/contract.ts';
import type { FailureReason } from '../workflows/failure-reasons.ts';
import type { Observation } from '../workflows/observation.ts';
import { failureOf } from '../workflows/reasons.ts';
import { exitOf, exitSentence } from './exit.ts';
import { clusterFailure, phaseOf, transferReasonOf } from './failure.ts';

const OUR_POLICY = 'PodFailurePolicy';

/** How the Job controller words what a rule of the failure policy has matched. */
const EXITED = /^Container (\S+) for pod \S+ failed with exit code (\d+) /;
const DISRUPTED = /^Pod \S+ has condition DisruptionTarget /;

/** Sent by who stops a pod, and by others: without the pod nobody can say whom. */
const STOPPING = new Set([constants.signals.SIGTERM, constants.signals.SIGKILL]);

/**
 * What is told of a Job that has ended and whose pod is gone. Only somebody who deletes it takes a pod away from a Job, so it may not
 * have ended by itself.
 *
 * @param condition by which the Job has ended; it keeps what the failure policy has matched
 * @param wasStopped true when the cluster noted that it stopped the main container
 */
export function judgeUnseen(
  role: JobRole,
  condition: V1JobCondition,
  wasStopped: boolean,
): Pick<Observation, 'stage' | 'exitCode' | 'failure'> {
  if (condition.type !== 'Complete') return failedUnseen(role, condition, wasStopped);
  // An upload proves itself; a task that is stopped may say 0 all the same.
  if (role === 'cleanup' || !wasStopped) return { stage: 'succeeded' };
  return { stage: 'failed', failure: deletedFailure(role) };
}

function failedUnseen(role: JobRole, condition: V1JobCondition, wasStopped: boolean) {
  // The upload of the same pod begins when the task has ended well.
  if (role === 'task' && exitIn(condition)?.container === 'cleanup') return { stage: 'succeeded' as const };
  const failure = failureOfJob(role, condition, wasStopped);
  const { exitCode, container } = failure;
  return { stage: 'failed' as const, failure, ...(container === role && exitCode !== undefined && { exitCode }) };
}

function failureOfJob(
  role: JobRole,
  { reason = 'Failed', message = '' }: V1JobCondition,
  wasStopped: boolean,
): Failure {
  const exit = exitIn({ reason, message });
  if (exit) return failureOfExit(role, exit.container, exit.exitCode, wasStopped);
  const words = withoutPod(`${reason}: ${message}`.trim());
  if (reason === OUR_POLICY && DISRUPTED.test(message)) return failureOf('Evicted', phaseOf(role), words);
  if (reason === 'DeadlineExceeded') return failureOf('RunTimeout', phaseOf(role), words);
  // In one pod a task that is stopped and says 0 leaves an upload that never begins.
  return wasStopped ? deletedFailure(role) : failureOf('Unknown', phaseOf(role), words);
}

function deletedFailure(role: JobRole): Failure {
  return clusterFailure(role, 'somebody deleted the pod while its container ran');
}

/** Which container's end has matched our failure policy. */
function exitIn({ reason, message = '' }: Pick<V1JobCondition, 'reason' | 'message'>) {
  const [, container, exitCode] = (reason === OUR_POLICY && EXITED.exec(message)) || [];
  return isContainerRole(container) ? { container, exitCode: Number(exitCode) } : undefined;
}

function failureOfExit(role: JobRole, container: ContainerRole, exitCode: number, wasStopped: boolean): Failure {
  const facts = { container, ...exitOf({ exitCode }) };
  const sentence = `container ${container} ${exitSentence({ exitCode })}`;
  if (wasStopped) return { ...clusterFailure(role, `somebody deleted the pod: ${sentence}`), ...facts };
  const reason = reasonOfExit(role, container, facts.signal);
  return failureOf(reason, phaseOf(role, container), withoutPod(sentence), facts);
}

function reasonOfExit(role: JobRole, container: ContainerRole, signal: number | undefined): FailureReason {
  if (container !== 'task') return transferReasonOf(role);
  return signal !== undefined && STOPPING.has(signal) ? 'Unknown' : 'UserError';
}

function withoutPod(sentence: string): string {
  return `${sentence}; the pod was gone before it could be read`;
}

function isContainerRole(name: string | undefined): name is ContainerRole {
  return name === 'task' || name === 'input' || name === 'cleanup';
}
