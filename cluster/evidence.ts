import type { CoreV1Event, V1Container, V1Pod } from '@kubernetes/client-node';
import type { Evidence } from '../workflows/observation.ts';
import { complaintOf, pullUnderWay } from './explain.ts';

/** What the cluster shows of a pod that did not start, or of its Job when there is no pod. */
export function evidenceOf(pod: V1Pod | undefined, events: readonly CoreV1Event[]): Evidence {
  const message = complaintOf(pod, events);
  const pulling = pullUnderWay(events);
  return {
    ...(pod && { pod: presentable(pod) }),
    ...(message !== undefined && { message }),
    ...(pulling !== undefined && { pulling }),
  };
}

/** The pod as the API server answers it, but for the environment, which may hold what is secret. */
function presentable({ metadata, spec, status }: V1Pod): V1Pod {
  const { managedFields: _, ...shown } = metadata ?? {};
  const initContainers = spec?.initContainers?.map(withoutEnvironment);
  const containers = spec?.containers.map(withoutEnvironment) ?? [];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: shown,
    spec: { ...spec, ...(initContainers && { initContainers }), containers },
    ...(status && { status }),
  };
}

function withoutEnvironment({ env: _, ...container }: V1Container): V1Container {
  return container;
}
