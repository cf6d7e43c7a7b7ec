import { becomesTrue } from '../../deploy/local/ready.ts';

const LIMIT_MS = 60_000;

/**
 * Waits until the API server refuses `attempt`, a dry run: it takes a moment until it knows a quota or a policy that it has just been
 * given.
 */
export async function untilRefused(attempt: () => Promise<unknown>): Promise<void> {
  const isRefused = () =>
    attempt().then(
      () => false,
      () => true,
    );
  if (!(await becomesTrue(isRefused, LIMIT_MS))) throw new Error('the API server refuses nothing');
}
