import type { IncomingMessage } from 'node:http';
import { JOB_ID_LABEL } from '../../cluster/names.ts';
import { isWatch } from '../support/http-faults.ts';

/**
 * True for a request to the API server that a job has cost: not for a watch, for what keeps a worker the leader, or for a list of what all
 * jobs have, which the service asks for now and then whatever there is. Who follows a log asks once. Pure.
 */
export function isOfAJob({ url = '', method }: Pick<IncomingMessage, 'url' | 'method'>): boolean {
  const { pathname, searchParams } = new URL(url, 'http://host');
  const selector = searchParams.get('labelSelector') ?? `${JOB_ID_LABEL}=`;
  const isOfAllJobs = method === 'GET' && !selector.includes(`${JOB_ID_LABEL}=`);
  return !isWatch({ url }) && !isOfAllJobs && !pathname.split('/').includes('leases');
}
