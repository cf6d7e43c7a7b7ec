import type { ContainerRole } from '../workflows/contract.ts';

/** Names of a job's objects in the bucket: pure functions of the job's name, its id or the attempt. */

/** The input zip of the job called `name`. */
export function inputObjectOf(name: string): string {
  return `${name}-input.zip`;
}

/** The output zip of the job called `name`, as published. */
export function outputObjectOf(name: string): string {
  return `${name}-output.zip`;
}

/** The log of a container of the job called `name`. Names of jobs hold no slash, so that no two jobs share one. */
export function logObjectOf(name: string, container: ContainerRole): string {
  return container === 'task' ? `${name}-log.txt` : `logs/${name}/${container}.txt`;
}

/** The log of a container of a pod whose attempt was followed by another one. */
export function earlierLogObjectOf(name: string, podName: string, container: ContainerRole): string {
  return `logs/${name}/${podName}.${container}.txt`;
}

/**
 * Names of the pieces of a task's log that are safe while its pod `podName` runs: what each begins with; the `first`, without which there
 * is none; and the `end`, after all of them, which says that they are the whole log.
 */
export function logPiecesOf(name: string, podName: string): Readonly<Record<'prefix' | 'first' | 'end', string>> {
  const prefix = `logs/${name}/${podName}/`;
  return { prefix, first: logPieceOf(prefix, 0), end: `${prefix}end` };
}

/** One of these pieces, by its place; in the order of their names. */
export function logPieceOf(prefix: string, index: number): string {
  return `${prefix}${String(index).padStart(6, '0')}.txt`;
}

/** Begins the names of the records of all jobs. */
export const RECORDS_PREFIX = 'records/';

/** The record of the job with this id, kept when it has ended. Of its id, for a name may go to another job one day. */
export function recordObjectOf(id: string): string {
  return `${RECORDS_PREFIX}${id}.json`;
}

/** Begins the names of all inputs that wait for their jobs. */
export const SPOOL_PREFIX = 'spool/';

/** Where the input of the job with this id waits until the job takes it. */
export function spoolObjectOf(id: string): string {
  return `${SPOOL_PREFIX}${id}.zip`;
}

/** The id that {@link spoolObjectOf} made `object` of; undefined when it is no such name. */
export function spooledIdIn(object: string): string | undefined {
  return /^spool\/([^/]+)\.zip$/.exec(object)?.[1];
}

/** The output of one attempt of the job with this id, before it is published; the first attempt is 1. */
export function attemptObjectOf({ id, name, attempt = 1 }: AttemptName): string {
  return `${attemptsPrefixOf(name)}${id}.${attempt}.zip`;
}

/** What tells an attempt from all others: of its id, for its name may have been another job's. */
interface AttemptName {
  readonly id: string;
  readonly name: string;
  readonly attempt?: number;
}

/** The job's name that {@link attemptObjectOf} made `object` of; undefined when it is no such name. */
export function attemptedNameIn(object: string): string | undefined {
  return /^attempts\/([^/]+)\/[^/]+\.zip$/.exec(object)?.[1];
}

/** Begins the names of all attempts. */
export const ATTEMPTS_PREFIX = 'attempts/';

/** Begins the names of all attempts of the job called `name`, and of no other job. */
export function attemptsPrefixOf(name: string): string {
  return `${ATTEMPTS_PREFIX}${name}/`;
}
