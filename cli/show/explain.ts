/** Why a job is where it is. */
import type { Job } from '../../client/types.ts';

/** What each phase waits for. */
const PHASES: Readonly<Record<Job['phase'], string>> = {
  queued: 'It waits for its turn: the service lets so many jobs go at one time.',
  preparing: 'Its claims and its input are being made ready.',
  starting: 'Its pod has been asked for: the cluster looks for a node, and the node pulls the image.',
  downloading: 'Its input is being fetched and unpacked.',
  running: 'Its container runs.',
  uploading: 'Its output is being zipped and sent.',
  deleting: 'Its pods and claims are being deleted.',
  ended: 'It has ended.',
};

/** Some sentences; the last ones say what to do. */
export function explainJob(job: Job): string {
  const { name, status, phase, explain, failure, attempts = [] } = job;
  const lines = [
    `${name} is ${status}. ${phase === 'ended' ? '' : PHASES[phase]}`.trim(),
    ...(explain === undefined ? [] : [`The cluster says: ${explain}`]),
    ...attempts.map(({ failure: { reason, message } }, index) => `Attempt ${index + 1} failed: ${reason}, ${message}`),
    ...(failure === undefined
      ? []
      : [`It failed while it was ${failure.phase}: ${failure.reason}, ${failure.message}`]),
    ...(failure?.hint === undefined ? [] : [failure.hint]),
    ...(failure?.retryable === true ? ['The same job may well succeed when it is sent again.'] : []),
    ...(failure?.reason === 'UserError' ? [`\`ktr logs ${name}\` shows what it wrote.`] : []),
  ];
  return `${lines.join('\n')}\n`;
}
