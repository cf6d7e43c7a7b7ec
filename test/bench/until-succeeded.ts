import { call } from '../support/job-client.ts';

/** Waits by long polls until the job has succeeded; throws when it ends otherwise. */
export async function untilSucceeded(id: string): Promise<void> {
  for (;;) {
    const { body } = await call('GET', `/batch/${id}?wait=30`);
    if (body.data.status === 'succeeded') return;
    if (body.data.stop_time !== undefined) throw new Error(`the job has ended: ${JSON.stringify(body.data)}`);
  }
}
