/** Work that shares a limit with other work of its group. */
export interface Limited {
  readonly group: string;
  /** Most of the group at one time. */
  readonly limit: number;
}

/**
 * Does all of `items`, in their order as far as the limits of their groups allow, and at most `limit` at one time.
 * @throws the first error of `work`; nothing is started after it
 */
export async function runPool<T extends Limited>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  const active = new Map<Promise<void>, string>();
  const isFree = (item: T) => [...active.values()].filter((group) => group === item.group).length < item.limit;
  const startNext = (): boolean => {
    const at = active.size < limit ? waiting.findIndex(isFree) : -1;
    const [item] = at < 0 ? [] : waiting.splice(at, 1);
    if (item === undefined) return false;
    const done: Promise<void> = work(item).finally(() => active.delete(done));
    active.set(done, item.group);
    return true;
  };
  while (waiting.length + active.size > 0) {
    while (startNext());
    await Promise.race(active.keys());
  }
}
