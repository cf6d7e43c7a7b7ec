import type { Bucket, ListedObject } from '../bucket/bucket.ts';
import { ATTEMPTS_PREFIX, attemptedNameIn, SPOOL_PREFIX, spooledIdIn } from '../bucket/objects.ts';
import type { Cluster } from '../cluster/client.ts';
import type { Thing } from './orphans.ts';

/** A thing, what holds it, and how it is removed. */
export interface Removable extends Thing {
  /** Of an object on the cluster: what must still let go of it. */
  readonly finalizers?: readonly string[];
  /** Removes exactly what was listed, not what may have taken its name since. */
  remove(): Promise<void>;
}

/**
 * Everything that jobs have on the cluster and, unpublished, in the bucket. Jobs come first: a Job whose pod vanished might make
 * another. What does not say whose it is, is none of ours.
 */
export async function listThings(
  cluster: Pick<Cluster, 'listOwned' | 'deleteObject'>,
  bucket: Pick<Bucket, 'listAged' | 'remove'>,
): Promise<Removable[]> {
  const [objects, spooled, attempts] = await Promise.all([
    cluster.listOwned(),
    bucket.listAged(SPOOL_PREFIX),
    bucket.listAged(ATTEMPTS_PREFIX),
  ]);
  const remove = ({ object, generation }: ListedObject) => bucket.remove(object, generation);
  return [
    ...objects.map((object) => ({ ...object, remove: () => cluster.deleteObject(object) })),
    ...spooled.flatMap((listed) => spooledInput(listed).map((thing) => ({ ...thing, remove: () => remove(listed) }))),
    ...attempts.flatMap((listed) =>
      unpublishedOutput(listed).map((thing) => ({ ...thing, remove: () => remove(listed) })),
    ),
  ];
}

function spooledInput(listed: ListedObject): Thing[] {
  const jobId = spooledIdIn(listed.object);
  return jobId === undefined ? [] : [{ kind: 'SpooledInput', ...bucketThing(listed), jobId }];
}

function unpublishedOutput(listed: ListedObject): Thing[] {
  const jobName = attemptedNameIn(listed.object);
  return jobName === undefined ? [] : [{ kind: 'UnpublishedOutput', ...bucketThing(listed), jobName }];
}

function bucketThing({ object, createdMs, instance }: ListedObject): Omit<Thing, 'kind'> {
  return { name: object, createdMs, ...(instance !== undefined && { instance }) };
}
