import type { V1Job, V1ObjectMeta, V1PersistentVolumeClaim, V1Secret } from '@kubernetes/client-node';
import { INSTANCE_LABEL, JOB_ID_LABEL } from './names.ts';

/** The claim, labelled with the deployment that it is of. */
export function claimOf(instance: string | undefined, claim: V1PersistentVolumeClaim): V1PersistentVolumeClaim {
  return { ...claim, metadata: labelled(instance, claim.metadata) };
}

/** The Secret, labelled with the deployment that it is of; not one that all share. */
export function secretOf(instance: string | undefined, secret: V1Secret): V1Secret {
  const isOfJob = secret.metadata?.labels?.[JOB_ID_LABEL] !== undefined;
  return isOfJob ? { ...secret, metadata: labelled(instance, secret.metadata) } : secret;
}

/** The Job and its pod, labelled with the deployment that they are of. */
export function jobOf(instance: string | undefined, job: V1Job): V1Job {
  const { spec } = job;
  const template = spec && { ...spec.template, metadata: labelled(instance, spec.template.metadata) };
  return {
    ...job,
    metadata: labelled(instance, job.metadata),
    ...(spec && template && { spec: { ...spec, template } }),
  };
}

function labelled(instance: string | undefined, metadata: V1ObjectMeta = {}): V1ObjectMeta {
  if (instance === undefined) return metadata;
  return { ...metadata, labels: { ...metadata.labels, [INSTANCE_LABEL]: instance } };
}
