import { BatchV1Api } from '@kubernetes/client-node';
import type { V1Job } from '@kubernetes/client-node';
import { JOB_ID_LABEL, MANAGED_BY, MANAGED_BY_LABEL, ROLE_LABEL } from '../../../cluster/names.ts';
import type { Closing } from '../../support/scope.ts';
import { follow } from './following.ts';
import type { ScaledService } from './service.ts';

/** Follows which jobs get their Job on the cluster. @returns their ids so far, in that order */
export async function followBegun(
  scope: Closing,
  { kubeConfig, namespace }: Pick<ScaledService, 'kubeConfig' | 'namespace'>,
): Promise<() => readonly string[]> {
  const batch = kubeConfig.makeApiClient(BatchV1Api);
  const labelSelector = `${MANAGED_BY_LABEL}=${MANAGED_BY},${ROLE_LABEL}=task`;
  const ids = new Set<string>();
  await follow<V1Job>(scope, kubeConfig, {
    path: `/apis/batch/v1/namespaces/${namespace}/jobs`,
    labelSelector,
    list: () => batch.listNamespacedJob({ namespace, labelSelector }),
    onChange: ({ metadata }) => void ids.add(metadata?.labels?.[JOB_ID_LABEL] ?? ''),
  });
  return () => [...ids];
}
