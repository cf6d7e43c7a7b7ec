import { createCleanup } from './cleanup.ts';
import { createDelete } from './delete.ts';
import { createDeploy } from './deploy.ts';
import type { ActivityDeps } from './deps.ts';
import { createDiscard } from './discard.ts';
import { createEnqueue } from './enqueue.ts';
import { createExamine } from './examine.ts';
import { mirrorFailure, retriedFailure, withFailures } from './failures.ts';
import { createHeal } from './heal.ts';
import { createInspect } from './inspect.ts';
import { createLeave } from './leave.ts';
import { createLimits } from './limits.ts';
import { createLogs } from './logs.ts';
import { createPoll } from './poll.ts';
import { createPublish } from './publish.ts';
import { createToldRecord } from './record.ts';
import { createReport } from './report.ts';
import { createSend } from './send.ts';
import { createSecret } from './secret.ts';
import { createStop } from './stop.ts';
import { createSurvey } from './survey.ts';
import { createSweep } from './sweep.ts';
import { createUpload } from './upload.ts';
import { createVolumes } from './volumes.ts';

/**
 * The steps of a job, of the queue and of a reconciliation, one a file. Their names are what the Temporal Web UI shows.
 * Those that look, take back or mirror are retried whatever the server says: for them no answer is final.
 */
export function createActivities(deps: ActivityDeps) {
  return {
    ...withFailures({
      secret: createSecret(deps),
      volumes: createVolumes(deps),
      upload: createUpload(deps),
      deploy: createDeploy(deps),
      cleanup: createCleanup(deps),
      send: createSend(deps),
      publish: createPublish(deps),
      logs: createLogs(deps),
      stop: createStop(deps),
      inspect: createInspect(deps),
    }),
    ...withFailures({ record: createToldRecord(deps) }, mirrorFailure),
    ...withFailures({ delete: createDelete(deps), sweep: createSweep(deps) }, retriedFailure),
    poll: createPoll(deps),
    discard: createDiscard(deps),
    heal: createHeal(deps),
    examine: createExamine(deps),
    report: createReport(deps),
    enqueue: createEnqueue(deps),
    leave: createLeave(deps),
    survey: createSurvey(deps),
    limits: createLimits(deps),
  };
}

export type Activities = ReturnType<typeof createActivities>;
