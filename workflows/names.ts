/**
 * The names by which processes find one another's work: task queue, types of workflows, signals, queries, ids, types of errors.
 * It imports nothing.
 */

/** Task queue that the worker polls and the API starts workflows on. */
export const TASK_QUEUE = 'kubernetes-task-runner';

/**
 * What tells this deployment from others that share a cluster or a bucket with it: the id of its Temporal namespace, in the form that
 * a label of Kubernetes may have.
 */
export function instanceOf(temporalNamespaceId: string): string {
  const allowed = temporalNamespaceId.replace(/[^A-Za-z0-9._-]/g, '-').slice(0, 63);
  return allowed.replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '');
}

/** Workflow type, as shown in the Temporal Web UI. */
export const BATCH_JOB_WORKFLOW = 'batchJob';

/** Workflow type, workflow id and schedule id of what brings cluster, bucket and mirror into line with the workflows. */
export const RECONCILE = 'reconcile';

/** Workflow type and workflow id of what lets jobs go in turn, where an operator limits how many go at one time. */
export const ADMISSION = 'admission';

/** Signal to it by which a job asks to be let go, with an {@link AskingJob}. */
export const ENQUEUE_SIGNAL = 'enqueue';

/** Signal to it by which a job, of the name that is the argument, waits no more and goes no more. */
export const LEAVE_SIGNAL = 'leave';

/** Query to it that returns {@link QueueCounts}. */
export const QUEUE_QUERY = 'queue';

/** Query to it that returns the names of the jobs that go. */
export const HOLDERS_QUERY = 'holders';

/** Signal that lets a job go. It needs no argument. */
export const ADMIT_SIGNAL = 'admit';

/** Signal that kills a job. It needs no argument. */
export const KILL_SIGNAL = 'kill';

/** Signal by which the watcher hands an {@link Observation} to the workflow. */
export const OBSERVED_SIGNAL = 'observed';

/** Query that returns the whole {@link Job}. */
export const JOB_QUERY = 'job';

/** Activity that deletes a job's objects on the cluster. */
export const DELETE_ACTIVITY = 'delete';

/** Activity that hands the whole {@link Job} to the mirror. */
export const RECORD_ACTIVITY = 'record';

const WORKFLOW_ID_PREFIX = 'batch-job/';

/** Workflow id of the job called `name`: one job of a name at a time, and ever. */
export function workflowIdOf(name: string): string {
  return WORKFLOW_ID_PREFIX + name;
}

/** Name of the job whose workflow has this id; undefined when it is none of a job. */
export function jobNameOf(workflowId: string): string | undefined {
  return workflowId.startsWith(WORKFLOW_ID_PREFIX) ? workflowId.slice(WORKFLOW_ID_PREFIX.length) : undefined;
}

/** Application failure types that activities throw and the workflow tells apart. */
export const ERROR_TYPES = {
  /** Kubernetes refused a request for good; `details[0]` is its `Status` answer. */
  clusterRefused: 'ClusterRefused',
  /** An object of the wanted name exists and is not this job's. */
  notOurs: 'NotOurs',
  /** The bucket does not hold what it should: missing, or another size or checksum. */
  objectMismatch: 'ObjectMismatch',
  /** The output cannot be read but by root, which no container may be. */
  /** A sensitive value cannot be opened. */
  sealBroken: 'SealBroken',
  /** The cluster does not give a log, however often it is asked. */
  logNotGiven: 'LogNotGiven',
  /** Another job has this name in the mirror. */
  nameTaken: 'NameTaken',
} as const;
