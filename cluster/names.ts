import type { ContainerRole, JobRole } from '../workflows/contract.ts';

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
export const JOB_ID_LABEL = 'kubernetes-task-runner/job-id';
export const JOB_NAME_LABEL = 'kubernetes-task-runner/job-name';
export const ROLE_LABEL = 'kubernetes-task-runner/role';

/** Names the queue of a Job, as Kueue reads it. */
export const QUEUE_LABEL = 'kueue.x-k8s.io/queue-name';

/** Selects every object of every job of ours. */
export const OURS_SELECTOR = `${MANAGED_BY_LABEL}=${MANAGED_BY}`;

/** What names a job on the cluster. */
export interface JobRef {
  readonly id: string;
  readonly name: string;
}

/** Name of the claim that holds /input. */
export function inputClaimOf(name: string): string {
  return `job-${name}-input`;
}

/** Name of the claim that holds /output. */
export function outputClaimOf(name: string): string {
  return `job-${name}-output`;
}

/** Name of the Kubernetes Job that plays `role` for the job `name`. */
export function kubernetesJobOf(name: string, role: JobRole): string {
  return role === 'task' ? name : `${name}-cleanup`;
}

/** Which of a job's two Jobs runs `container`. */
export function roleOf(container: ContainerRole): JobRole {
  return container === 'cleanup' ? 'cleanup' : 'task';
}

/** Labels of an object of `ref`; `role` is given for Jobs and their pods. */
export function labelsOf(ref: JobRef, role?: JobRole): Record<string, string> {
  return {
    [MANAGED_BY_LABEL]: MANAGED_BY,
    [JOB_ID_LABEL]: ref.id,
    [JOB_NAME_LABEL]: ref.name,
    ...(role && { [ROLE_LABEL]: role }),
  };
}

/** Selects the objects of one job, or of one role of it. */
export function selectorOf(ref: JobRef, role?: JobRole): string {
  return `${OURS_SELECTOR},${JOB_ID_LABEL}=${ref.id}${role ? `,${ROLE_LABEL}=${role}` : ''}`;
}
