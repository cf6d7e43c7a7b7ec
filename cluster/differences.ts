/** The keys that only one of two maps has, and those whose values differ. Pure. */
export function differences<V>(
  before: ReadonlyMap<string, V>,
  after: ReadonlyMap<string, V>,
  isSame: (one: V, other: V) => boolean = Object.is,
): string[] {
  const differs = ([key, value]: [string, V]) => {
    const earlier = before.get(key);
    return earlier === undefined || !isSame(earlier, value);
  };
  const changed = [...after].filter(differs).map(([key]) => key);
  return [...changed, ...[...before.keys()].filter((key) => !after.has(key))];
}
