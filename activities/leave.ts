import { ADMISSION, LEAVE_SIGNAL } from '../workflows/names.ts';
import type { ActivityDeps } from './deps.ts';
import { unlessForgotten } from './job-history.ts';

/** Tells whoever lets jobs go that this one has ended; when nobody is there, nobody has to know. */
export function createLeave({ workflows }: Pick<ActivityDeps, 'workflows'>) {
  return async function leave(name: string): Promise<void> {
    await unlessForgotten(() => workflows.getHandle(ADMISSION).signal(LEAVE_SIGNAL, name));
  };
}
