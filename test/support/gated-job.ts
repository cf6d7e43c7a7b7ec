import type { PresentedJob } from '../../api/present.ts';
import type { JobParameters } from '../../workflows/parameters.ts';
import { shellJob, submit, until } from './job-client.ts';
import { kubectl, podOf } from './operator.ts';

/** A job whose task ends when its gate is opened, and leaves a file then. */

const GATE = '/tmp/gate';
const GATED = shellJob(`until [ -e ${GATE} ]; do sleep 0.2; done; echo end > /output/end`);

/** Submits it and waits until its task runs. */
export async function runGated(
  name: string,
  input?: Buffer<ArrayBuffer>,
  more: Partial<JobParameters> = {},
): Promise<PresentedJob> {
  return await runUntilRunning(name, { ...GATED, ...more }, input);
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
