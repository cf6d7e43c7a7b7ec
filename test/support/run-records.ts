import { createBoard } from '../runner/board.ts';
import { createRecords } from '../runner/records.ts';
import type { Records } from '../runner/records.ts';

/** Empty records of a run of `tasks`, whose board shows nothing. */
export function recordsOf(tasks: readonly { readonly suite: string; readonly name: string }[]): Records {
  const board = createBoard(
    tasks,
    () => 1,
    () => undefined,
  );
  return createRecords(board, tasks.length);
}
