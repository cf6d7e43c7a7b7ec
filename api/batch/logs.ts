import type { Context } from 'koa';
import { isFinal } from '../../workflows/contract.ts';
import type { ContainerRole, Job } from '../../workflows/contract.ts';
import { attemptOf } from '../../workflows/state.ts';
import { endWithCredential } from '../auth/outliving.ts';
import { principalOf } from '../auth/principal.ts';
import type { ApiDeps } from '../deps.ts';
import { doesNotExist } from '../errors.ts';
import { defined } from '../objects.ts';
import { parseLogsQuery } from '../schemas/query.ts';
import { withoutFirst } from '../tail.ts';
import { requestAbortSignal } from '../request-abort-signal.ts';
import { awaitLog, mayComeYet } from './await-log.ts';
import { findJob } from './find.ts';
import { openAttempt } from './open-log.ts';

/** `GET /batch/:id/logs`: plain text, from the cluster while the job is there, from the bucket after. */
export function getBatchJobLogs(deps: ApiDeps) {
  return async (context: Context, id: string): Promise<void> => {
    const { container, attempt, follow, tail, offset } = parseLogsQuery(context.query);
    const job = await findJob(deps, principalOf(context), id);
    const options = defined({ follow, tailLines: tail, signal: requestAbortSignal(context) });
    const wanted = { container, attempt: attempt ?? attemptOf(job) };
    const present = await openAttempt(deps, job, wanted, options);
    const log = present ?? (follow && mayComeYet(job, wanted) ? awaitLog(deps, job, wanted, options) : undefined);
    if (log === undefined) throw doesNotExist(absenceOf(job, container, attempt));
    context.type = 'text/plain; charset=utf-8';
    context.set('X-Content-Type-Options', 'nosniff');
    // A silent container is no reason to cut the line.
    if (follow) context.req.socket.setTimeout(0);
    if (follow) endWithCredential(deps, context);
    context.body = withoutFirst(log, offset);
    // The client learns that it is connected before the container says anything.
    if (follow) context.flushHeaders();
  };
}

function absenceOf({ id, status, phase }: Job, container: ContainerRole, attempt?: number): string {
  const place = attempt === undefined ? '' : ` in attempt ${attempt}`;
  const soFar = isFinal(status) ? '' : ` yet: the job is ${phase}`;
  return `Batch job ${id} has no log of its ${container} container${place}${soFar}.`;
}
