/** What Prometheus may know of the API, on a port of its own: its clients are not told. */
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { Context, Middleware, Next } from 'koa';
import { Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import { answerMetrics, METRIC_PREFIX } from '../metrics.ts';

/** From what the mirror answers at once to what waits for a job. */
const BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** Measures how long requests take until they are answered; of a stream, until it begins. */
export function measureRequests(registry: Registry): Middleware {
  const duration = new Histogram({
    name: `${METRIC_PREFIX}http_request_seconds`,
    help: 'Time until a request was answered; of a stream, until it began',
    labelNames: ['method', 'route', 'status'],
    buckets: BUCKETS_SECONDS,
    registers: [registry],
  });
  return async (context: Context, next: Next) => {
    const stop = duration.startTimer();
    await next();
    // The pattern, not the path: there are more jobs than Prometheus can count.
    const { _matchedRoute: route } = context as { readonly _matchedRoute?: string };
    stop({ method: context.method, route: route ?? 'none', status: context.status });
  };
}

/** `GET /metrics`. */
export function createMetricsServer(registry: Registry): Server {
  return createServer((request, response) => {
    if (request.url !== '/metrics') return void response.writeHead(404).end();
    answerMetrics(registry, response).catch(() => response.writeHead(500).end());
  });
}
