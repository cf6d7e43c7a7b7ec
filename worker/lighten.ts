/**
 * Takes from each thread of a worker what the SDK does there for every step of every workflow, and we have no use for. Loaded before all
 * else, by `node --import`, as the SDK has no setting for either.
 */
import v8 from 'node:v8';
import { Script } from 'node:vm';
import { NO_LIMIT_MS } from './isolate.ts';

/**
 * The SDK takes a stack trace of each promise of a workflow, formats it, and keeps it until the promise is settled, for the query
 * `__stack_trace`, which it refuses to answer without. What a job waits for stands in its details.
 */
Object.assign(v8.promiseHooks, {
  createHook() {
    throw new Error('a worker takes no stack traces of promises');
  },
});

/**
 * Small buffers are cut out of a pool, and hold all of it: the SDK keeps the last answer of each cached workflow. Node's own pool is eight
 * times as large.
 */
Buffer.poolSize = 8_192;

/** Node starts a thread for a call that has a limit, and waits for its end. */
const runInContext = Reflect.get(Script.prototype, 'runInContext');
Script.prototype.runInContext = function (context, options) {
  const unlimited = options?.timeout === NO_LIMIT_MS ? { ...options, timeout: undefined } : options;
  return runInContext.call(this, context, unlimited) as unknown;
};
