import { workflowInfo } from '@temporalio/workflow';
import type { WorkflowDefinitionOptions } from '@temporalio/common';

/**
 * For workflows that belong to no job: they must not wait for a version whose workers are gone, and go on with the code of the current
 * one. Temporal refuses the answers of a worker that has no version and says so all the same.
 */
export function unpinned(): WorkflowDefinitionOptions {
  return workflowInfo().currentDeploymentVersion?.deploymentName ? { versioningBehavior: 'AUTO_UPGRADE' } : {};
}
