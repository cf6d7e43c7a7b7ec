import { constants } from 'node:os';
import type { V1ContainerStateTerminated } from '@kubernetes/client-node';
import type { Failure } from '../workflows/contract.ts';
import { couldNotStart, isRuntimeAway } from './runtime.ts';
import { commandFaultIn } from './start-error.ts';

/** Exit code of a process that SIGKILL ended: 128 and its number. */
export const SIGKILLED = 128 + constants.signals.SIGKILL;

/** How a process ended: of a container's state, or of what is left of it. */
export type Exit = Pick<V1ContainerStateTerminated, 'exitCode' | 'signal' | 'reason' | 'message'>;

/** What of an end is told: nothing of one that is made up. */
export function exitOf(exit: Exit): Pick<Failure, 'exitCode' | 'signal'> {
  const exitCode = exitCodeOf(exit);
  if (exitCode === undefined) return {};
  const signal = signalOf(exit);
  return { exitCode, ...(signal !== undefined && { signal }) };
}

/** The exit code that is told; undefined for one that is made up. A runtime gives 128 to each command that it cannot run. */
export function exitCodeOf(exit: Exit): number | undefined {
  if (isMadeUp(exit)) return undefined;
  const fault = couldNotStart(exit) ? commandFaultIn(exit.message) : undefined;
  return fault?.exitCode ?? exit.exitCode;
}

/**
 * The kubelet writes 137 for a container that it cannot find any more, containerd 255 for one that ended while it was away, and 128 for
 * one that it was about to start when it went. An exit code that nobody knows is not told.
 */
export function isMadeUp(exit: Exit | undefined): boolean {
  if (couldNotStart(exit)) return isRuntimeAway(exit?.message ?? '');
  return exit?.reason === 'ContainerStatusUnknown' || (exit?.reason === 'Unknown' && exit.exitCode === 255);
}

/** The end of a container as a part of a sentence. */
export function exitSentence(exit: Exit | undefined): string {
  if (!exit) return 'ended without a word';
  if (isMadeUp(exit)) return 'ended, and its node does not know how';
  const signal = signalOf(exit);
  const name = Object.entries(constants.signals).find(([, value]) => value === signal)?.[0];
  return `exited with code ${exit.exitCode}${name ? `, by signal ${name}` : ''}`;
}

function signalOf({ signal, exitCode }: Exit): number | undefined {
  if (signal) return signal;
  return exitCode > 128 && exitCode < 160 ? exitCode - 128 : undefined;
}
