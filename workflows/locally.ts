import { ActivityCancellationType, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { ActivityInterfaceFor, ActivityOptions } from '@temporalio/workflow';

import type { Activities } from '../activities/index.ts';
import { orCancelled } from './turns.ts';
import type { Turns } from './turns.ts';

type Steps = ActivityInterfaceFor<Activities>;
type Step = (...args: unknown[]) => Promise<unknown>;
type StepOptions = ActivityOptions & { readonly summary: string };

/** Makes steps of these options. */
export type StepsOf = (options: StepOptions) => Steps;

/** The same, with a limit of its own for the try within the workflow task. */
export type LocallyOf = (options: StepOptions, tryTimeoutMs?: number) => Steps;

/**
 * Steps that are activities of their own. One that is cancelled is left as soon as it is, unless its end is to be waited for.
 */
export function createOnServer(turns: Turns): StepsOf {
  return (options) => {
    const there = proxyActivities<Activities>(options) as Record<string, Step>;
    const isWaitedFor = options.cancellationType === ActivityCancellationType.WAIT_CANCELLATION_COMPLETED;
    return stepsBy((name) => async (...args) => {
      const end = turns.hear((there[name] as Step)(...args));
      return await (isWaitedFor ? end : orCancelled(end));
    });
  };
}

/**
 * Steps that are tried once inside the workflow task, which costs the history one event in place of six. Each must be one that may be done
 * again after a kill, and of which nobody has been told, or nothing that later news make untrue: a workflow task that is lost begins anew with
 * all that has come since.
 *
 * A try may take as long as the step itself, unless `tryTimeoutMs` says less: what is given up while it lasts might still do its work after
 * the next one. A kill waits for it.
 *
 * Of one job's tries each waits for the one before. A workflow that runs hears of their ends one by one; when it is replayed it hears of
 * several at once, and would go on in another order.
 */
export function createLocally(turns: Turns): LocallyOf {
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (step: Step): Step => {
    return (...args) => {
      const run = last.then(() => step(...args));
      last = run.catch(() => undefined);
      return run;
    };
  };
  return (options, tryTimeoutMs) =>
    stepsBy((name) => {
      const here = inTurn(localStep(name, options, tryTimeoutMs));
      return (...args) => turns.keepTo(() => here(...args));
    });
}

/** Steps that are tried so, and become activities of their own when that fails: the server tries them again, and shows why they fail. */
export function createLocallyFirst(onServer: StepsOf, locally: LocallyOf): LocallyOf {
  return (options, tryTimeoutMs) => {
    const there = onServer(options) as Record<string, Step>;
    const here = locally(options, tryTimeoutMs) as Record<string, Step>;
    return stepsBy((name) => async (...args) => {
      try {
        return await (here[name] as Step)(...args);
      } catch {
        return await (there[name] as Step)(...args);
      }
    });
  };
}

function stepsBy(step: (name: string) => Step): Steps {
  return new Proxy({}, { get: (_, name) => step(String(name)) }) as Steps;
}

/** The SDK calls the marker of each step alike, so that the summary has to say which it was. */
function localStep(
  name: string,
  { heartbeatTimeout: _, retry: _retry, summary, ...limits }: StepOptions,
  tryTimeoutMs: number | undefined,
): Step {
  const once = { summary: `${name} ${summary}`, retry: { maximumAttempts: 1 } };
  const options = { ...limits, ...once, ...(tryTimeoutMs !== undefined && { startToCloseTimeout: tryTimeoutMs }) };
  return (proxyLocalActivities<Activities>(options) as Record<string, Step>)[name] as Step;
}
