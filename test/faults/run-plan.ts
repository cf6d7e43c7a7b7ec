import { setTimeout as sleep } from 'node:timers/promises';
import type { PresentedJob } from '../../api/present.ts';
import { seconds } from '../../deploy/local/progress.ts';
import { aName } from '../support/job-client.ts';
import type { BreakingStack } from './breaking.ts';
import { endOf, killPersistently, submitPersistently } from './client.ts';
import { endsOurs, told } from './fault.ts';
import type { Fault } from './fault.ts';
import { makeJob } from './jobs.ts';
import type { JobKind, MixedJob } from './jobs.ts';
import type { Plan, PlannedJob, Round } from './plan.ts';
import { say } from './say.ts';

/** A job of the mix that has ended. */
export interface EndedJob {
  readonly kind: JobKind;
  readonly assertEnd: MixedJob['assertEnd'];
  readonly job: PresentedJob;
}

/** What a run did, and what came of its jobs. */
export interface RunResult {
  readonly ended: readonly EndedJob[];
  /** Jobs of which no end came, and why. */
  readonly lost: readonly string[];
  readonly faults: readonly Fault[];
  /** The longest time from the end of a round's faults until all servers and both processes answered, in milliseconds. */
  readonly slowestRecoveryMs: number;
  /** From the end of the last faults until the last job had ended, in milliseconds. */
  readonly lastEndMs: number;
}

/** How long after the last job was sent its end may come: the deadlines of the jobs are far beyond it. */
const END_MS = 240_000;

/**
 * Sends the jobs of the plan while its rounds of faults pass, for `durationMs`. The world is whole when it resolves.
 * @param spareAfterMs from then on our own two processes live on, so that what grows in them can be seen
 */
export async function runPlan(
  stack: BreakingStack,
  plan: Plan,
  durationMs: number,
  spareAfterMs = Infinity,
): Promise<RunResult> {
  const jobs = Promise.allSettled(plan.jobs.map((planned) => runToItsEnd(planned)));
  const faults: Fault[] = [];
  let slowestRecoveryMs = 0;
  const startMs = Date.now();
  for (const planned of plan.rounds) {
    const passedMs = Date.now() - startMs;
    if (passedMs > durationMs) break;
    const round = passedMs < spareAfterMs ? planned : sparing(planned);
    if (round.faults.length === 0) continue;
    slowestRecoveryMs = Math.max(slowestRecoveryMs, await pass(stack, round));
    faults.push(...round.faults);
  }
  const healedMs = Date.now();
  const settled = await jobs;
  return {
    ended: settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])),
    lost: settled.flatMap((result) => (result.status === 'rejected' ? [reasonOf(result.reason)] : [])),
    faults,
    slowestRecoveryMs,
    lastEndMs: Date.now() - healedMs,
  };
}

async function runToItsEnd({ kind, afterMs }: PlannedJob): Promise<EndedJob> {
  await sleep(afterMs);
  const { id, assertEnd } = await send(kind);
  return { kind, assertEnd, job: await endOf(id, END_MS) };
}

/** Sends a job, and kills one that is to be killed. What is sent is forgotten, as it may be large. */
async function send(kind: JobKind): Promise<Pick<EndedJob, 'assertEnd'> & { readonly id: string }> {
  const mixed = await makeJob(kind);
  const { id, name } = await submitPersistently(aName('mixed'), mixed);
  const { killAfterMs, disturb, assertEnd } = mixed;
  await disturb?.(name);
  if (killAfterMs !== undefined) {
    await sleep(killAfterMs);
    await killPersistently(id);
  }
  return { id, assertEnd };
}

function sparing(round: Round): Round {
  return { ...round, faults: round.faults.filter((fault) => !endsOurs(fault)) };
}

async function pass(stack: BreakingStack, { faults, holdMs, calmMs }: Round): Promise<number> {
  say(faults.map(told).join(', ') + ` for ${seconds(holdMs)}`);
  await stack.breakDown(faults);
  await sleep(holdMs);
  const recoveryMs = await stack.heal(faults);
  say(`recovered in ${seconds(recoveryMs)}`);
  await sleep(calmMs);
  return recoveryMs;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${reasonOf(error.cause)}`;
}
