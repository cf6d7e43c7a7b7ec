import { isFinal } from '../../workflows/contract.ts';
import type { Job, JobPhase } from '../../workflows/contract.ts';

/** What to tell the client who waited for a job to start. */
export type StartOutcome =
  | { readonly kind: 'accepted'; readonly message: string }
  | { readonly kind: 'refused'; readonly message: string; readonly evidence: Readonly<Record<string, unknown>> };

const PHASES_BEFORE_RUN: readonly JobPhase[] = ['queued', 'preparing', 'starting'];

/** Judges a job some time after it was accepted. A job that ran and failed is accepted: its failure is its own affair. */
export function startOutcomeOf(job: Job): StartOutcome {
  if (job.failure !== undefined && job.status === 'failed' && PHASES_BEFORE_RUN.includes(job.failure.phase)) {
    const message = 'Got unexpected response while waiting for job to start';
    return { kind: 'refused', message, evidence: evidenceOf(job) };
  }
  const isInstant = job.status === 'cleaning' || isFinal(job.status);
  return { kind: 'accepted', message: isInstant ? `Job ${job.id} finished instantly` : '' };
}

/** The cluster's own answer, under the seed's names. */
function evidenceOf({ clusterResponse }: Job): Record<string, unknown> {
  if (clusterResponse === undefined) return {};
  return { [kindOf(clusterResponse) === 'Pod' ? 'last_pod_response' : 'cluster_response']: clusterResponse };
}

function kindOf(response: unknown): unknown {
  return typeof response === 'object' && response !== null && 'kind' in response ? response.kind : undefined;
}
