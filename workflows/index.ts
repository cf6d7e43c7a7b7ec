/** The workflow types that the worker runs, by the names in contract.ts. */
export { admission } from './admission.ts';
export { batchJob } from './batch-job.ts';
export { reconcile } from './reconcile.ts';
