/** What Prometheus may know of a process. */
import type { ServerResponse } from 'node:http';
import { collectDefaultMetrics, Registry } from 'prom-client';

/** Before the name of each metric that is about our own doings. */
export const METRIC_PREFIX = 'kubernetes_task_runner_';

/** @returns a registry with what Prometheus asks of every process: memory, processor time, descriptors, event loop */
export function createRegistry(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}

/** Answers a request for all of `registry`, as Prometheus' text. Rejects when a metric cannot be had; nothing is answered then. */
export async function answerMetrics(registry: Registry, response: ServerResponse): Promise<void> {
  const text = await registry.metrics();
  response.writeHead(200, { 'Content-Type': registry.contentType }).end(text);
}
