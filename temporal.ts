/** What our processes have in common when they talk to Temporal. */
import { isGrpcServiceError, NamespaceNotFoundError, WorkflowNotFoundError } from '@temporalio/client';
import type { Connection } from '@temporalio/client';
import { instanceOf } from './workflows/names.ts';

/** gRPC's code for what does not exist. */
const NOT_FOUND = 5;

/** How Temporal names in the details of an error that it is the namespace which it does not know. */
const NAMESPACE_NOT_FOUND = 'temporal.api.errordetails.v1.NamespaceNotFoundFailure';

/** True when Temporal says that it does not know a workflow, or none that is open: a positive answer. */
export function isForgotten(error: unknown): boolean {
  if (isNamespaceNotFound(error)) return false;
  return error instanceof WorkflowNotFoundError || (isGrpcServiceError(error) && Number(error.code) === NOT_FOUND);
}

/** True when Temporal does not know our namespace, which it says, too, when its own database fails it: nothing follows for a workflow. */
export function isNamespaceNotFound(error: unknown): boolean {
  if (error instanceof NamespaceNotFoundError) return true;
  if (!isGrpcServiceError(error)) return false;
  return error.metadata.get('grpc-status-details-bin').some((details) => details.includes(NAMESPACE_NOT_FOUND));
}

/** Lists what is open. By the time of the end, not by the status: a workflow that is paused is open, too. */
export const IS_OPEN = 'CloseTime IS NULL';

/**
 * What tells this deployment from others that share a cluster or a bucket with it.
 * @throws what Temporal says when it is away, or does not know the namespace
 */
export async function readInstance(
  { workflowService }: Pick<Connection, 'workflowService'>,
  namespace: string,
): Promise<string> {
  const { namespaceInfo } = await workflowService.describeNamespace({ namespace });
  const instance = instanceOf(namespaceInfo?.id ?? '');
  if (instance === '') throw new Error(`Temporal does not tell the id of its namespace ${namespace}`);
  return instance;
}
