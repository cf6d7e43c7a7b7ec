/** What one reconciliation comes to, in numbers. */
export interface Balance {
  /** Things that nobody owned, and jobs that missed their end or had none. */
  readonly found: number;
  /** Those of them that were removed, or have their end now. */
  readonly repaired: number;
  /** What could not be: things whose deletion does not come to an end or is refused, and jobs that could not be ended. */
  readonly stuck: number;
  /** Things that may be another deployment's. */
  readonly foreign: number;
}

/** Receives the balance of each reconciliation. */
export type OnReconciled = (balance: Balance) => void;

/** Tells whoever measures this worker. Told twice when its answer is lost: the counts are for watching, not for the books. */
export function createReport({ onReconciled }: { readonly onReconciled: OnReconciled }) {
  return function report(balance: Balance): Promise<void> {
    onReconciled(balance);
    return Promise.resolve();
  };
}
