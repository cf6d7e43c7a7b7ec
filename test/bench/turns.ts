/** Does `deed` with each of `all`, so many at any time. @returns what came of each, in the order in which they are done */
export async function inTurns<T, R>(
  all: readonly T[],
  concurrency: number,
  deed: (each: T) => Promise<R>,
): Promise<R[]> {
  const rest = all.values();
  const done: R[] = [];
  const takeTurns = async () => {
    for (const each of rest) done.push(await deed(each));
  };
  await Promise.all(Array.from({ length: concurrency }, takeTurns));
  return done;
}
