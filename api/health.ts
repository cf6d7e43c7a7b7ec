import type Router from '@koa/router';
import { LRUCache } from 'lru-cache';
import { within } from '../promises.ts';
import type { ApiDeps } from './deps.ts';
import { success } from './envelope.ts';
import { ApiError } from './errors.ts';
import { createRouter } from './router.ts';

const CHECK_TIMEOUT_MS = 2_500;
/** Asking for any object shows that the bucket answers. */
const PROBE_OBJECT = 'readiness-probe';

/** Callers within this time share one good answer, and callers at the same time any answer: nobody makes us ask servers at will. */
const ANSWER_TTL_MS = 1_000;

type HealthDeps = Pick<ApiDeps, 'workflows' | 'store' | 'bucket' | 'logger'>;

/** `GET /livez`: the process answers. `GET /readyz`: so does all that it needs; 503 names what is away. */
export function createHealthRouter(deps: HealthDeps): Router {
  const router = createRouter();
  const pings = createPings(deps);
  router.get('/livez', (context) => {
    context.body = success('ok');
  });
  router.get('/readyz', async (context) => {
    const checks = await checkAll(deps, pings);
    const away = Object.keys(checks).filter((service) => checks[service] === 'away');
    if (away.length > 0) throw new ApiError(503, 'ServiceUnavailable', `Away: ${away.join(', ')}.`, checks);
    context.body = success(checks);
  });
  return router;
}

type Service = 'temporal' | 'mongodb' | 'bucket';
type Pings = Readonly<Record<Service, () => Promise<unknown>>>;

function createPings({ workflows, store, bucket }: HealthDeps): Pings {
  const answers = new LRUCache<Service, object, () => Promise<unknown>>({
    max: 2,
    ttl: ANSWER_TTL_MS,
    fetchMethod: async (_service, _stale, { context: ping }) => ({ answer: await ping() }),
  });
  return {
    temporal: () => workflows.ping(),
    mongodb: () => answers.fetch('mongodb', { context: () => store.ping() }),
    bucket: () => answers.fetch('bucket', { context: () => bucket.stat(PROBE_OBJECT) }),
  };
}

async function checkAll(deps: HealthDeps, pings: Pings): Promise<Record<string, 'ok' | 'away'>> {
  const checks = Object.entries(pings).map(async ([service, ping]) => [service, await judge(deps, service, ping())]);
  return Object.fromEntries(await Promise.all(checks)) as Record<string, 'ok' | 'away'>;
}

async function judge({ logger }: HealthDeps, service: string, request: Promise<unknown>): Promise<'ok' | 'away'> {
  try {
    await within(CHECK_TIMEOUT_MS, request, (limitMs) => new Error(`no answer within ${limitMs} ms`));
    return 'ok';
  } catch (error) {
    logger.warn({ err: error, service }, 'service is away');
    return 'away';
  }
}
