import type { ContainerRole, JobRole } from '../workflows/contract.ts';
import { isOnePod } from '../workflows/observation.ts';
import type { AttemptSpec, JobRef } from '../workflows/observation.ts';

/**
 * Names and labels of everything a job has on the cluster: pure functions of the job's name and id,
 * so that a step that is repeated meets what it made before.
 */

/** Secret that holds the bucket's credential, shared by all jobs of a namespace. */
export const SECRET_NAME = 'gcs-api-key';

/** Key of the credential within {@link SECRET_NAME}. */
export const SECRET_KEY = 'gcs-api-key.json';

export const MANAGED_BY_LABEL = 'app.kubernetes.io/managed-by';
export const MANAGED_BY = 'kubernetes-task-runner';
export const INSTANCE_LABEL = 'app.kubernetes.io/instance';
export const JOB_ID_LABEL = 'kubernetes-task-runner/job-id';
export const JOB_NAME_LABEL = 'kubernetes-task-runner/job-name';
export const ROLE_LABEL = 'kubernetes-task-runner/role';
/** Of objects of a second or later attempt: which one it is. */
const ATTEMPT_LABEL = 'kubernetes-task-runner/attempt';
/** Of objects of a job in one pod, whose value is `ephemeral`. */
const STORAGE_MODE_LABEL = 'kubernetes-task-runner/storage-mode';

/** Of a pod whose upload waits for it: that the upload begins now. */
export const SEND_ANNOTATION = 'kubernetes-task-runner/send';

/** Names the queue of a Job, as Kueue reads it. */
export const QUEUE_LABEL = 'kueue.x-k8s.io/queue-name';

/** Selects every object of every job of ours. */
export const OURS_SELECTOR = `${MANAGED_BY_LABEL}=${MANAGED_BY}`;

/** The job of `ref`, in the attempt that `again` tells of. */
export function attemptRef(ref: JobRef, again?: Pick<AttemptSpec, 'attempt'>): JobRef {
  const { id, name, storageMode } = ref;
  return { id, name, ...(storageMode && { storageMode }), ...(again && { attempt: again.attempt }) };
}

type NameRef = Pick<JobRef, 'name' | 'attempt' | 'storageMode'>;

/** Name of the claim that holds /input. */
export function inputClaimOf(ref: NameRef): string {
  return `job-${ref.name}-input${suffixOf(ref)}`;
}

/** Name of the claim that holds /output. */
export function outputClaimOf(ref: NameRef): string {
  return `job-${ref.name}-output${suffixOf(ref)}`;
}

/** Name of the Secret for the containers of a Kubernetes Job: never that of an earlier job of the same name. */
export function jobSecretOf(ref: JobRef, role: JobRole): string {
  return `job-${ref.name}-${role}-${ref.id}${suffixOf(ref)}`;
}

/** Key within it of a sensitive variable of the task: names of variables need not be names of keys. */
export function environmentKeyOf(index: number): string {
  return `value-${index}`;
}

/** Key within it of the URL that a transfer container reads or writes by. */
export const URL_KEY = 'url';

/** Name of the Kubernetes Job that plays `role` for the job. */
export function kubernetesJobOf(ref: NameRef, role: JobRole): string {
  return `${ref.name}${labelledRole(ref, role) === 'task' ? '' : '-cleanup'}${suffixOf(ref)}`;
}

/** The role that the label of a Kubernetes Job tells: the one that plays both is labelled as the task's. */
function labelledRole(ref: Pick<JobRef, 'storageMode'>, role: JobRole): JobRole {
  return isOnePod(ref) ? 'task' : role;
}

/** No job's name holds a dot, so that an attempt never meets another job. */
function suffixOf({ attempt = 1 }: NameRef): string {
  return attempt === 1 ? '' : `.${attempt}`;
}

/** Which of a job's two Jobs runs `container`. */
export function roleOf(container: ContainerRole): JobRole {
  return container === 'cleanup' ? 'cleanup' : 'task';
}

/** Which roles a Kubernetes Job, or a pod, plays, by its labels; none when it is not one of ours. */
export function rolesIn(labels: Readonly<Record<string, string>> = {}): readonly JobRole[] {
  const role = labels[ROLE_LABEL];
  if (role !== 'task' && role !== 'cleanup') return [];
  return labels[STORAGE_MODE_LABEL] === 'ephemeral' ? ['task', 'cleanup'] : [role];
}

/** Labels of an object of `ref`; `role` is given for Jobs and their pods. */
export function labelsOf(ref: JobRef, role?: JobRole): Record<string, string> {
  return {
    [MANAGED_BY_LABEL]: MANAGED_BY,
    [JOB_ID_LABEL]: ref.id,
    [JOB_NAME_LABEL]: ref.name,
    ...((ref.attempt ?? 1) > 1 && { [ATTEMPT_LABEL]: String(ref.attempt) }),
    ...(ref.storageMode && { [STORAGE_MODE_LABEL]: ref.storageMode }),
    ...(role && { [ROLE_LABEL]: role }),
  };
}

/** Whose an object is, as {@link labelsOf} wrote it; undefined when it does not say. */
export function refIn(labels: Readonly<Record<string, string>> = {}): JobRef | undefined {
  const { [JOB_ID_LABEL]: id, [JOB_NAME_LABEL]: name, [ATTEMPT_LABEL]: attempt, [STORAGE_MODE_LABEL]: mode } = labels;
  if (!id || !name) return undefined;
  return {
    ...{ id, name },
    ...(attempt !== undefined && { attempt: Number(attempt) }),
    ...(mode === 'ephemeral' && { storageMode: mode }),
  };
}

/** Selects the objects of one job, or of one attempt or role of it. */
export function selectorOf(ref: JobRef, role?: JobRole): string {
  const { id, attempt } = ref;
  return [
    OURS_SELECTOR,
    `${JOB_ID_LABEL}=${id}`,
    ...(attempt === undefined ? [] : [attempt === 1 ? `!${ATTEMPT_LABEL}` : `${ATTEMPT_LABEL}=${attempt}`]),
    ...(role ? [`${ROLE_LABEL}=${labelledRole(ref, role)}`] : []),
  ].join(',');
}
