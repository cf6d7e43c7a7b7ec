import { CancellationScope, condition } from '@temporalio/workflow';

/**
 * What comes to one job from outside, one thing at a time: each is heard when the job has done all that follows from the one before, and
 * when no try within the workflow task is under way.
 *
 * The SDK may tell a workflow that such a try has ended after things that came later: it does so when a workflow task answered a query
 * meanwhile. When the workflow is replayed, it is told at once. Whoever went on by what came first would do things in another order then,
 * and a history that does not replay holds its job up for ever.
 */
export interface Turns {
  /** Resolves when what has come may be heard. Each turn lasts until nothing follows from it any more. */
  next(): Promise<void>;
  /** The same, for who lets all go before that has come, too: the SDK tells of signals first, whatever came before them. */
  last(): Promise<void>;
  /** What `news` says, in its turn. */
  hear<T>(news: Promise<T>): Promise<T>;
  /** Makes a try within the workflow task: nothing is heard until it has ended. */
  keepTo<T>(attempt: () => Promise<T>): Promise<T>;
}

/** @returns the turns of one job */
export function createTurns(): Turns {
  let tries = 0;
  const waiting: object[] = [];

  const untilNothingIsDone = async (isMyTurn: () => boolean) => {
    let isJustCome = true;
    // The SDK looks at once, and then each time that all has been done which could be done: only those looks count.
    const mayBeHeard = () => {
      if (isJustCome) return (isJustCome = false);
      return tries === 0 && isMyTurn();
    };
    await CancellationScope.nonCancellable(() => condition(mayBeHeard));
  };

  const next = async () => {
    const ticket = {};
    waiting.push(ticket);
    await untilNothingIsDone(() => waiting[0] === ticket);
    waiting.shift();
  };

  return {
    next,
    async last() {
      // Until the SDK has told of all that has come.
      await Promise.resolve();
      await untilNothingIsDone(() => waiting.length === 0);
    },
    async hear(news) {
      await Promise.allSettled([news]);
      await next();
      return await news;
    },
    async keepTo(attempt) {
      tries += 1;
      try {
        return await attempt();
      } finally {
        tries -= 1;
      }
    },
  };
}

/** What `promise` says, unless the present scope is cancelled before. */
export async function orCancelled<T>(promise: Promise<T>): Promise<T> {
  const { cancellable, cancelRequested } = CancellationScope.current();
  return await (cancellable ? Promise.race([promise, cancelRequested]) : promise);
}
