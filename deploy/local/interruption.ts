import { constants } from 'node:os';
import { endAll, ownChildren } from './proc.ts';

/** Knows whether somebody has asked this process to end. */
export interface Interruption {
  readonly happened: () => boolean;
}

const CHILDREN_END_MS = 3_000;

/**
 * From now on an interruption ends the compilers and other helpers of this process, then the process itself. Servers
 * that it has started stay, for they are in groups of their own.
 * @param say tells a person what happened and how to go on
 */
export function watchInterruption(say: (line: string) => void): Interruption {
  let happened = false;
  const end = async (signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP') => {
    happened = true;
    await endAll(await ownChildren(), CHILDREN_END_MS);
    say('interrupted; the same command goes on from here, and `make down` stops what runs');
    process.exit(128 + constants.signals[signal]);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void end(signal));
  return { happened: () => happened };
}
