/** Where the end of a process is said. */
interface FatalLog {
  fatal(details: object, message: string): void;
}

/**
 * Ends this process by 1, with a line in the log, when nobody has caught an error or a rejection: what it was in the middle of may be half
 * done, and whoever starts it again takes up all that matters.
 */
export function endOnUncaught(log: FatalLog): void {
  process.on('uncaughtException', (err, origin) => {
    log.fatal({ err, origin }, 'nobody caught this');
    process.exit(1);
  });
}

/** Runs `deed` until it has succeeded once; callers at the same time share one run. */
export function onceSucceeded<T>(deed: () => Promise<T>): () => Promise<T> {
  let run: Promise<T> | undefined;
  return () => {
    run ??= deed().catch((error: unknown) => {
      run = undefined;
      throw error;
    });
    return run;
  };
}

/** Runs deeds of one key one after another, in the order of the calls; those of other keys do not wait. */
export function createQueues(): <T>(key: string, deed: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>();
  return async (key, deed) => {
    const run = (last.get(key) ?? Promise.resolve()).then(deed, deed);
    last.set(key, run);
    try {
      return await run;
    } finally {
      if (last.get(key) === run) last.delete(key);
    }
  };
}

/**
 * What `work` comes to, if that is within `limitMs`. Nobody hears of what it comes to later.
 * @throws what `late` makes of it when it takes longer
 */
export async function within<T>(
  limitMs: number,
  work: Promise<T>,
  late: (limitMs: number) => Error = (ms) => new Error(`not within ${ms} ms`),
): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(late(limitMs)), limitMs);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
