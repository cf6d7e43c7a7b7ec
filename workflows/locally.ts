import {
  ActivityCancellationType,
  CancellationScope,
  isCancellation,
  proxyActivities,
  proxyLocalActivities,
} from '@temporalio/workflow';
import type { ActivityInterfaceFor, ActivityOptions } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';

type Steps = ActivityInterfaceFor<Activities>;
type Step = (...args: unknown[]) => Promise<unknown>;
type StepOptions = ActivityOptions & { readonly summary: string };

/** Steps that are activities of their own. */
export function onServer(options: StepOptions): Steps {
  const there = proxyActivities<Activities>(options) as Record<string, Step>;
  return stepsBy((name) => left(options, there[name] as Step));
}

/**
 * Steps that are tried once inside the workflow task, which costs the history one event in place of six. When that fails, the step
 * becomes an activity of its own, by its options: the server tries it again, and shows why it fails. It must be one that may be done
 * again after a kill, and of which nobody has been told: a workflow task that is lost begins anew with all that has come since.
 *
 * Of one job's tries each waits for the one before. A workflow that runs hears of their ends one by one; when it is replayed it hears of
 * several at once, and would go on in another order.
 */
export function createLocallyFirst(): (options: StepOptions) => Steps {
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (step: Step): Step => {
    return (...args) => {
      const run = last.then(() => step(...args));
      last = run.catch(() => undefined);
      return run;
    };
  };
  return (options) => {
    const there = onServer(options) as Record<string, Step>;
    return stepsBy((name) => {
      const here = left(options, inTurn(localStep(name, options)));
      return async (...args) => {
        try {
          return await here(...args);
        } catch (error) {
          if (isCancellation(error)) throw error;
          return await there[name]?.(...args);
        }
      };
    });
  };
}

function stepsBy(step: (name: string) => Step): Steps {
  return new Proxy({}, { get: (_, name) => step(String(name)) }) as Steps;
}

/**
 * The same limits: a try that is given up while it lasts might still do its work after the next one. The SDK calls the marker of each
 * step alike, so that the summary has to say which it was.
 */
function localStep(name: string, { heartbeatTimeout: _, retry: _retry, summary, ...limits }: StepOptions): Step {
  const options = { ...limits, summary: `${name} ${summary}`, retry: { maximumAttempts: 1 } };
  return (proxyLocalActivities<Activities>(options) as Record<string, Step>)[name] as Step;
}

/**
 * Leaves a step as soon as it is cancelled, unless its end is to be waited for. The SDK tells of a cancelled activity by a word of its
 * own, which comes before the ends of local activities when a workflow runs, and after them when it is replayed: whoever waits for
 * that word goes on in another order.
 */
function left({ cancellationType }: ActivityOptions, step: Step): Step {
  if (cancellationType === ActivityCancellationType.WAIT_CANCELLATION_COMPLETED) return step;
  return (...args) => {
    const { cancellable, cancelRequested } = CancellationScope.current();
    return cancellable ? Promise.race([step(...args), cancelRequested]) : step(...args);
  };
}
