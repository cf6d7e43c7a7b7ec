import { BatchV1Api, CoreV1Api, PatchStrategy, setHeaderOptions } from '#kubernetes-client';
import type {
  CoreV1Event,
  KubeConfig,
  V1Job,
  V1ObjectMeta,
  V1PersistentVolumeClaim,
  V1Pod,
  V1Secret,
} from '@kubernetes/client-node';
import type { JobRole } from '../workflows/contract.ts';
import type { JobRef } from '../workflows/observation.ts';
import { ask, tolerate } from './ask.ts';
import { isConflict, isNotFound, NotOursError } from './errors.ts';
import { claimOf, jobOf, secretOf } from './instance.ts';
import { JOB_ID_LABEL, selectorOf } from './names.ts';
import { listOwned } from './owned.ts';
import type { OwnedObject } from './owned.ts';
import { createRemains, objectRef } from './remains.ts';
import type { ObjectRef, Remains } from './remains.ts';
import { createOpenStream, METADATA_ALONE } from './stream.ts';

/** The verbs of a job on one namespace of one cluster. Refusals are thrown as ClusterRefusedError. */
export interface Cluster extends Remains {
  readonly namespace: string;
  /** Creates the secret unless one of its name exists. It is not read. */
  ensureSecret(secret: V1Secret): Promise<void>;
  /** Creates the claim; one of the same job that exists already is as good. @throws NotOursError */
  createClaim(ref: JobRef, claim: V1PersistentVolumeClaim): Promise<void>;
  /** Creates the Job and returns it; one of the same job that exists already is as good. @throws NotOursError */
  createJob(ref: JobRef, job: V1Job): Promise<V1Job>;
  /** The Job called `name`; undefined only when the cluster says that there is none. */
  findJob(name: string): Promise<V1Job | undefined>;
  /** The pod called `name`; undefined only when the cluster says that there is none. */
  findPod(name: string): Promise<V1Pod | undefined>;
  /** Gives the pod with this UID annotations; one that is gone, or replaced by another, is left alone. */
  annotatePod(name: string, uid: string, annotations: Readonly<Record<string, string>>): Promise<void>;
  /** Pods of the job, of both roles. */
  listPods(ref: JobRef): Promise<V1Pod[]>;
  /** What the cluster noted about the object of this UID. */
  listEvents(uid: string): Promise<CoreV1Event[]>;
  /** What the cluster noted about the pod called `name`, which may be gone. */
  listPodEvents(name: string): Promise<CoreV1Event[]>;
  /** What the cluster noted about the claims of the job. */
  listClaimEvents(ref: JobRef): Promise<CoreV1Event[]>;
  /** Jobs, pods and claims of the job, or Job and pods of one role of it, as they stand. */
  listObjects(ref: JobRef, role?: JobRole): Promise<ObjectRef[]>;
  /** Jobs, pods and claims of all jobs that carry our labels, Jobs first. */
  listOwned(): Promise<OwnedObject[]>;
  /**
   * Asks for the deletion of exactly this object; one that is gone, or replaced by another, is left alone. For a pod that lingers its node
   * is not waited for: nothing of it runs.
   */
  deleteObject(object: ObjectRef): Promise<void>;
}

type Metadata = { metadata?: V1ObjectMeta };

const MERGE_PATCH = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);

/**
 * @param instance the deployment that what is created is labelled with; without it there is no such label
 * @returns the verbs bound to `namespace`
 */
export function createCluster(kubeConfig: KubeConfig, namespace: string, instance?: string): Cluster {
  const core = kubeConfig.makeApiClient(CoreV1Api);
  const batch = kubeConfig.makeApiClient(BatchV1Api);
  const openStream = createOpenStream(kubeConfig);
  const openMetadata = createOpenStream(kubeConfig, METADATA_ALONE);

  async function listEvents(fieldSelector: string): Promise<CoreV1Event[]> {
    return (await ask('list events', core.listNamespacedEvent({ namespace, fieldSelector }))).items;
  }

  return {
    namespace,
    ...createRemains(openStream, namespace),

    async ensureSecret(secret) {
      const action = `create secret ${secret.metadata?.name}`;
      await tolerate(
        isConflict,
        ask(action, core.createNamespacedSecret({ namespace, body: secretOf(instance, secret) })),
      );
    },

    async createClaim(ref, claim) {
      const name = nameOf(claim);
      await createOurs(
        ref,
        'PersistentVolumeClaim',
        name,
        () => core.createNamespacedPersistentVolumeClaim({ namespace, body: claimOf(instance, claim) }),
        () => core.readNamespacedPersistentVolumeClaim({ namespace, name }),
      );
    },

    createJob(ref, job) {
      const name = nameOf(job);
      return createOurs(
        ref,
        'Job',
        name,
        () => batch.createNamespacedJob({ namespace, body: jobOf(instance, job) }),
        () => batch.readNamespacedJob({ namespace, name }),
      );
    },

    findJob(name) {
      return tolerate(isNotFound, ask(`read job ${name}`, batch.readNamespacedJob({ namespace, name })));
    },

    findPod(name) {
      return tolerate(isNotFound, ask(`read pod ${name}`, core.readNamespacedPod({ namespace, name })));
    },

    async annotatePod(name, uid, annotations) {
      const request = { namespace, name, body: { metadata: { uid, annotations } } };
      const patch = core.patchNamespacedPod(request, MERGE_PATCH);
      await tolerate((error) => isNotFound(error) || isConflict(error), ask(`annotate pod ${name}`, patch));
    },

    async listPods(ref) {
      const pods = await ask('list pods', core.listNamespacedPod({ namespace, labelSelector: selectorOf(ref) }));
      return pods.items;
    },

    listEvents: (uid) => listEvents(`involvedObject.uid=${uid}`),
    listPodEvents: (name) => listEvents(`involvedObject.kind=Pod,involvedObject.name=${name}`),

    async listClaimEvents(ref) {
      const query = { namespace, labelSelector: selectorOf(ref) };
      const claims = await ask('list claims', core.listNamespacedPersistentVolumeClaim(query));
      const uids = claims.items.map(({ metadata }) => metadata?.uid ?? '');
      return (await Promise.all(uids.map((uid) => listEvents(`involvedObject.uid=${uid}`)))).flat();
    },

    async listObjects(ref, role) {
      const query = { namespace, labelSelector: selectorOf(ref, role) };
      const [jobs, pods, claims] = await Promise.all([
        ask('list jobs', batch.listNamespacedJob(query)),
        ask('list pods', core.listNamespacedPod(query)),
        ask('list claims', core.listNamespacedPersistentVolumeClaim(query)),
      ]);
      return [
        ...jobs.items.map((job) => objectRef('Job', job)),
        ...pods.items.map((pod) => objectRef('Pod', pod)),
        ...claims.items.map((claim) => objectRef('PersistentVolumeClaim', claim)),
      ];
    },

    listOwned: () => listOwned(openMetadata, namespace),

    async deleteObject({ kind, name, uid, lingers }) {
      if (!name || !uid) throw new Error(`refusing to delete a ${kind} without name and UID`);
      const grace = lingers ? { gracePeriodSeconds: 0 } : {};
      const request = { namespace, name, body: { preconditions: { uid }, propagationPolicy: 'Background', ...grace } };
      const verbs: Record<ObjectRef['kind'], () => Promise<unknown>> = {
        Job: () => batch.deleteNamespacedJob(request),
        Pod: () => core.deleteNamespacedPod(request),
        PersistentVolumeClaim: () => core.deleteNamespacedPersistentVolumeClaim(request),
      };
      await tolerate((error) => isNotFound(error) || isConflict(error), ask(`delete ${kind} ${name}`, verbs[kind]()));
    },
  };
}

async function createOurs<T extends Metadata>(
  ref: JobRef,
  kind: string,
  name: string,
  create: () => Promise<T>,
  read: () => Promise<T>,
): Promise<T> {
  const created = await tolerate(isConflict, ask(`create ${kind} ${name}`, create()));
  if (created) return created;
  const existing = await ask(`read ${kind} ${name}`, read());
  if (existing.metadata?.labels?.[JOB_ID_LABEL] !== ref.id) throw new NotOursError(kind, name);
  if (existing.metadata.deletionTimestamp) throw new Error(`${kind} ${name} is being deleted`);
  return existing;
}

function nameOf(object: Metadata): string {
  const name = object.metadata?.name;
  if (!name) throw new Error('a Kubernetes object of ours always has a name');
  return name;
}
