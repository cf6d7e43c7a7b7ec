import type { V1ObjectMeta } from '@kubernetes/client-node';
import type { ObjectRef } from './remains.ts';
import { INSTANCE_LABEL, JOB_ID_LABEL, JOB_NAME_LABEL } from './names.ts';

/** An object of one of our jobs, whichever it is. Times are epoch milliseconds, NaN when the cluster does not say them. */
export interface OwnedObject extends ObjectRef {
  readonly jobId: string;
  /** The deployment that made it; absent when it does not say. */
  readonly instance?: string;
  readonly jobName?: string;
  readonly createdMs: number;
  /** When it was to be gone, after its deletion was asked for; absent when it was not. */
  readonly deletedMs?: number;
  /** What must still let go of it. */
  readonly finalizers: readonly string[];
}

/** What the labels and times of an object say. */
export function ownedObject(ref: ObjectRef, metadata: V1ObjectMeta = {}): OwnedObject {
  const { labels = {}, creationTimestamp, deletionTimestamp, finalizers = [] } = metadata;
  const { [JOB_NAME_LABEL]: jobName, [INSTANCE_LABEL]: instance } = labels;
  return {
    ...ref,
    jobId: labels[JOB_ID_LABEL] ?? '',
    ...(jobName && { jobName }),
    ...(instance && { instance }),
    createdMs: creationTimestamp?.getTime() ?? NaN,
    ...(deletionTimestamp && { deletedMs: deletionTimestamp.getTime() }),
    finalizers,
  };
}
