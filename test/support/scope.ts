/** Where a helper says what has to be undone: a test, or a {@link Scope}. */
export interface Closing {
  after(undo: () => unknown): void;
}

/** A stretch of a program that is no test, and undoes what was done in it. */
export type Scope = Closing & AsyncDisposable;

/** Undoes in the reverse order. */
export function createScope(): Scope {
  const undos: (() => unknown)[] = [];
  return {
    after: (undo) => void undos.push(undo),
    [Symbol.asyncDispose]: async () => {
      for (const undo of undos.toReversed()) await undo();
    },
  };
}
