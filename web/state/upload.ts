/** Sends a job with its files, and says how far it is: `fetch` of browsers cannot. */
import { refusalOf, ServiceUnreachable } from '../../client/errors.ts';
import type { Job, JobRequest } from '../../client/types.ts';
import { baseUrl } from './session.ts';
import type { Session } from './session.ts';

/** @param onSent told of the bytes that have gone so far */
export async function sendJob(
  session: Session,
  request: JobRequest,
  zip: Blob | undefined,
  onSent: (sizeBytes: number) => void,
): Promise<Job> {
  if (zip === undefined) return await session.client.submit(request);
  const form = new FormData();
  form.set('job', new Blob([JSON.stringify(request)], { type: 'application/json' }));
  form.set('input', new Blob([zip], { type: 'application/zip' }), 'input.zip');
  const answer = await post(session, form, onSent);
  if (!answer.ok) throw await refusalOf(answer);
  return ((await answer.json()) as { data: Job }).data;
}

function post({ credential }: Session, form: FormData, onSent: (sizeBytes: number) => void): Promise<Response> {
  const request = new XMLHttpRequest();
  request.open('POST', `${baseUrl()}/batch/`);
  request.setRequestHeader('Prefer', 'respond-async');
  if (credential !== undefined) request.setRequestHeader('Authorization', `Bearer ${credential}`);
  request.upload.addEventListener('progress', ({ loaded }) => onSent(loaded));
  return new Promise((resolve, reject) => {
    request.addEventListener('load', () =>
      resolve(new Response(request.responseText, { status: request.status, statusText: request.statusText })),
    );
    request.addEventListener('error', () =>
      reject(new ServiceUnreachable('The service did not answer; nothing is known of the job. Send it again.')),
    );
    request.send(form);
  });
}
