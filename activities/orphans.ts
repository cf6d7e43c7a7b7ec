/** Which things nobody owns: pure functions of what the servers listed. */
import type { ObjectRef } from '../cluster/remains.ts';
import type { JobMemo } from '../workflows/contract.ts';
import { workflowIdOf } from '../workflows/names.ts';

/** What a job may leave: an object on the cluster, a spooled input, an output that was never published. */
export type ThingKind = ObjectRef['kind'] | 'SpooledInput' | 'UnpublishedOutput';

/** Something that belongs to a job. Times are epoch milliseconds; one that is NaN makes nothing old. */
export interface Thing {
  readonly kind: ThingKind;
  readonly name: string;
  readonly createdMs: number;
  /** When it was to be gone, after its deletion was asked for; absent when it was not. */
  readonly deletedMs?: number;
  /** The job that it says it is of. */
  readonly jobId?: string;
  readonly jobName?: string;
  /** The deployment that made it; absent when it does not say. */
  readonly instance?: string;
}

/** A job whose workflow is open, by what its memo says. */
export interface OpenJob extends Pick<JobMemo, 'jobId' | 'inputObject'> {
  readonly workflowId: string;
}

/**
 * `stuck`: its deletion was asked for, and it is still there after the grace. `foreign`: nobody here owns it, and another deployment
 * may.
 */
export type Verdict = 'kept' | 'orphaned' | 'stuck' | 'foreign';

/** True when `thing` is of this job. A workflow without a memo owns what has its name. */
export function isOwnedBy(thing: Thing, { workflowId, jobId, inputObject }: OpenJob): boolean {
  if (thing.jobId !== undefined && thing.jobId === jobId) return true;
  if (thing.kind === 'SpooledInput') return thing.name === inputObject;
  if (thing.jobName === undefined || workflowIdOf(thing.jobName) !== workflowId) return false;
  return thing.jobId === undefined || jobId === undefined;
}

/** What a judge goes by. */
export interface Rules {
  /** This deployment: only its own things are removed. */
  readonly instance: string;
  readonly graceMs: number;
}

/**
 * Judges things by the workflows that are open. Younger than the grace is always kept.
 * @param open listed after the things, so that one that began meanwhile has its own
 * @param nowMs when the things were listed, in epoch milliseconds
 */
export function createJudge(
  open: readonly OpenJob[],
  nowMs: number,
  { instance, graceMs }: Rules,
): (thing: Thing) => Verdict {
  const jobs = new Map(open.flatMap((job) => keysOf(job).map((key) => [key, job] as const)));
  const isOwned = (thing: Thing) =>
    keysIn(thing).some((key) => {
      const job = jobs.get(key);
      return job !== undefined && isOwnedBy(thing, job);
    });
  const isOld = (sinceMs: number) => sinceMs + graceMs <= nowMs;
  return (thing) => {
    if (!isOld(thing.deletedMs ?? thing.createdMs)) return 'kept';
    // What is of a job of ours is ours, though it may be from before things were marked.
    const isOfUs = isOwned(thing);
    if (!isOfUs && thing.instance !== instance) return 'foreign';
    if (thing.deletedMs !== undefined) return 'stuck';
    return isOfUs ? 'kept' : 'orphaned';
  };
}

/** By these a job is found; no two open jobs share one. */
function keysOf({ workflowId, jobId, inputObject }: OpenJob): string[] {
  return [workflowId, jobId, inputObject].filter((key) => key !== undefined);
}

function keysIn({ name, jobId, jobName }: Thing): string[] {
  return [name, jobId, jobName && workflowIdOf(jobName)].filter((key) => key !== undefined);
}
