import {
  ActivityFailure,
  ApplicationFailure,
  isCancellation,
  proxyActivities,
  proxyLocalActivities,
} from '@temporalio/workflow';
import type { ActivityInterfaceFor, ActivityOptions } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';

type Steps = ActivityInterfaceFor<Activities>;
type Step = (...args: unknown[]) => Promise<unknown>;

/**
 * Steps that are tried once inside the workflow task, which costs the history one event in place of six. When that fails, the step
 * becomes an activity of its own, by `options`: the server tries it again, and shows why it fails.
 */
export function locallyFirst(options: ActivityOptions & { readonly summary: string }): Steps {
  const there = proxyActivities<Activities>(options) as Record<string, Step>;
  const step =
    (name: string): Step =>
    async (...args) => {
      try {
        return await localStep(name, options)(...args);
      } catch (error) {
        if (isCancellation(error) || isFinal(error)) throw error;
        return await there[name]?.(...args);
      }
    };
  return new Proxy(there, { get: (_, name) => step(String(name)) }) as Steps;
}

/**
 * The same limits: a try that is given up while it lasts might still do its work after the next one. The SDK calls the marker of each
 * step alike, so that the summary has to say which it was.
 */
function localStep(name: string, { heartbeatTimeout: _, retry: _retry, summary, ...limits }: ActivityOptions): Step {
  const options = { ...limits, summary: `${name} ${summary}`, retry: { maximumAttempts: 1 } };
  return (proxyLocalActivities<Activities>(options) as Record<string, Step>)[name] as Step;
}

/** True when another try would get the same answer. */
function isFinal(error: unknown): boolean {
  return (
    error instanceof ActivityFailure && error.cause instanceof ApplicationFailure && error.cause.nonRetryable === true
  );
}
