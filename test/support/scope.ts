/** Where a helper says what has to be undone: a test, or a {@link Scope}. */
export interface Closing {
  after(undo: () => unknown): void;
}

/** A stretch of a program that is no test, and undoes what was done in it. */
export type Scope = Closing & AsyncDisposable;

/** Undoes in the reverse order, all of it, and then throws the first error. */
export function createScope(): Scope {
  const stack = new AsyncDisposableStack();
  return {
    after: (undo) => stack.defer(async () => void (await undo())),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
