import type Router from '@koa/router';
import { within } from '../promises.ts';
import type { ApiDeps } from './deps.ts';
import { success } from './envelope.ts';
import { ApiError } from './errors.ts';
import { createRouter } from './router.ts';

const CHECK_TIMEOUT_MS = 2_500;
/** Asking for any object shows that the bucket answers. */
const PROBE_OBJECT = 'readiness-probe';

type HealthDeps = Pick<ApiDeps, 'workflows' | 'store' | 'bucket' | 'logger'>;

/** `GET /livez`: the process answers. `GET /readyz`: so does all that it needs; 503 names what is away. */
export function createHealthRouter(deps: HealthDeps): Router {
  const router = createRouter();
  router.get('/livez', (context) => {
    context.body = success('ok');
  });
  router.get('/readyz', async (context) => {
    const checks = await checkAll(deps);
    const away = Object.keys(checks).filter((service) => checks[service] === 'away');
    if (away.length > 0) throw new ApiError(503, 'ServiceUnavailable', `Away: ${away.join(', ')}.`, checks);
    context.body = success(checks);
  });
  return router;
}

async function checkAll(deps: HealthDeps): Promise<Record<string, 'ok' | 'away'>> {
  const check = async (service: string, request: Promise<unknown>) => [service, await judge(deps, service, request)];
  return Object.fromEntries(
    await Promise.all([
      check('temporal', deps.workflows.ping()),
      check('mongodb', deps.store.ping()),
      check('bucket', deps.bucket.stat(PROBE_OBJECT)),
    ]),
  ) as Record<string, 'ok' | 'away'>;
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
