import type { V1ObjectMeta } from '@kubernetes/client-node';
import type { ObjectRef } from './client.ts';
import { JOB_ID_LABEL, JOB_NAME_LABEL } from './names.ts';

/** An object of one of our jobs, whichever it is. Times are epoch milliseconds, NaN when the cluster does not say them. */
export interface OwnedObject extends ObjectRef {
  readonly jobId: string;
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
  const jobName = labels[JOB_NAME_LABEL];
  return {
    ...ref,
    jobId: labels[JOB_ID_LABEL] ?? '',
    ...(jobName && { jobName }),
    createdMs: creationTimestamp?.getTime() ?? NaN,
    ...(deletionTimestamp && { deletedMs: deletionTimestamp.getTime() }),
    finalizers,
  };
}
