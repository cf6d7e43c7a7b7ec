import type { V1Job, V1ObjectMeta, V1PersistentVolumeClaim } from '@kubernetes/client-node';
import { INSTANCE_LABEL } from './names.ts';

/** The claim, labelled with the deployment that it is of. */
export function claimOf(instance: string | undefined, claim: V1PersistentVolumeClaim): V1PersistentVolumeClaim {
  return { ...claim, metadata: labelled(instance, claim.metadata) };
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
