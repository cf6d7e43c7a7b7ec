import { ask } from './ask.ts';
import { INSTANCE_LABEL, JOB_ID_LABEL, JOB_NAME_LABEL, OURS_SELECTOR } from './names.ts';
import { KINDS, objectRef, pathOf } from './remains.ts';
import type { ObjectRef } from './remains.ts';
import type { OpenStream } from './stream.ts';
import { epochMs } from './time.ts';
import { listAll } from './watch-stream.ts';
import type { WatchedObject } from './watch-stream.ts';

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

/** No list takes longer. */
const LONGEST_MS = 120_000;

/**
 * Lists what all jobs have in `namespace`, Jobs first. Page by page, of which no more is kept than is told: the typed client would make some 20,000
 * objects of five thousand jobs at one time.
 * @param openMetadata needs to bring no more of the objects than their metadata
 */
export async function listOwned(openMetadata: OpenStream, namespace: string): Promise<OwnedObject[]> {
  const source = { openStream: openMetadata, labelSelector: `${OURS_SELECTOR},${JOB_ID_LABEL}`, silenceMs: LONGEST_MS };
  const owned: (readonly OwnedObject[])[] = [];
  for (const kind of KINDS) {
    const keep = (object: WatchedObject) => ownedObject(kind, object);
    const list = listAll({ ...source, path: pathOf(kind, namespace) }, AbortSignal.timeout(LONGEST_MS), keep);
    owned.push((await ask(`list ${kind}s`, list)).objects);
  }
  return owned.flat();
}

/** What the labels and times of an object say. */
function ownedObject(kind: ObjectRef['kind'], object: WatchedObject): OwnedObject {
  const { labels = {}, creationTimestamp, deletionTimestamp, finalizers = [] } = object.metadata ?? {};
  const deletedMs = epochMs(deletionTimestamp);
  const { [JOB_NAME_LABEL]: jobName, [INSTANCE_LABEL]: instance } = labels;
  return {
    ...objectRef(kind, object),
    jobId: labels[JOB_ID_LABEL] ?? '',
    ...(jobName && { jobName }),
    ...(instance && { instance }),
    createdMs: epochMs(creationTimestamp) ?? NaN,
    ...(deletedMs !== undefined && { deletedMs }),
    finalizers,
  };
}
