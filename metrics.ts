/** What Prometheus may know of a process. */
import { collectDefaultMetrics, Registry } from 'prom-client';

/** Before the name of each metric that is about our own doings. */
export const METRIC_PREFIX = 'kubernetes_task_runner_';

/** @returns a registry with what Prometheus asks of every process: memory, processor time, descriptors, event loop */
export function createRegistry(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}
