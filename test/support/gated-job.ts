import type { PresentedJob } from '../../api/present.ts';
import type { JobParameters } from '../../workflows/parameters.ts';
import { shellJob, submit, until } from './job-client.ts';
import { kubectl, podOf } from './operator.ts';

/** Jobs that a test holds: the task waits until the test opens its gate, however slow the machine is. */

const GATE = '/tmp/gate';

/** A script that waits for its gate between two parts. */
export function gated(before = 'true', after = 'echo end >> /output/end'): string {
  return `${before}; until [ -e ${GATE} ]; do sleep 0.2; done; ${after}`;
}

/** Submits a job that leaves a file when its gate is opened, and waits until its task runs. */
export async function runGated(
  name: string,
  input?: Buffer<ArrayBuffer>,
  more: Partial<JobParameters> = {},
): Promise<PresentedJob> {
  return await runUntilRunning(name, shellJob(gated(), more), input);
}

/** Lets the task end. */
export async function openGate(job: Pick<PresentedJob, 'name'>): Promise<void> {
  await kubectl('exec', await podOf(job), '--container', 'task', '--', 'touch', GATE);
}

/** Submits a job and waits until its task runs. */
export async function runUntilRunning(
  name: string,
  parameters: JobParameters,
  input?: Buffer<ArrayBuffer>,
): Promise<PresentedJob> {
  const { body } = await submit(name, parameters, input);
  return await until(body.data.id, ({ phase }) => phase === 'running');
}
