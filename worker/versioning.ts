/** Worker Versioning: jobs stay on the version of the worker that began them, and new ones go to the current version. */
import { setTimeout as sleep } from 'node:timers/promises';
import { isGrpcServiceError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { VersioningBehavior } from '@temporalio/common';
import type { WorkerOptions } from '@temporalio/worker';
import type { WorkerVersion } from '../config.ts';

const LOOK_MS = 250;

/** gRPC status codes. */
const NOT_FOUND = 5;
const FAILED_PRECONDITION = 9;

/** By the numbers of Temporal's WorkerDeploymentVersionStatus. */
const STATUSES = ['unknown', 'inactive', 'current', 'ramping', 'draining', 'drained', 'created'] as const;

/** A version of a deployment as Temporal tells it. A `draining` one has jobs still, a `drained` one has none. */
interface ListedVersion {
  readonly buildId: string;
  readonly status: (typeof STATUSES)[number];
}

type Service = Pick<Client['workflowService'], 'describeWorkerDeployment' | 'setWorkerDeploymentCurrentVersion'>;

/** The way to a deployment within a Temporal namespace. */
export interface Deployments {
  /** Resolves with the versions when Temporal has met a worker of `version`. Rejects when `signal` aborts. */
  list(version: WorkerVersion, signal: AbortSignal): Promise<ListedVersion[]>;
  /**
   * Makes `version` the current one, which gets all new jobs, as soon as Temporal has met a worker of it. Rejects with what Temporal has
   * against it when `signal` aborts.
   */
  promote(version: WorkerVersion, signal: AbortSignal): Promise<void>;
  /**
   * The same, but only when no version was ever made current, so that the jobs of a new deployment find a worker.
   * @returns build id of the current version; undefined when that is none on purpose
   */
  promoteFirst(version: WorkerVersion, signal: AbortSignal): Promise<string | undefined>;
}

/** What makes a worker one of `version`. Jobs stay on it; a workflow that wants otherwise says so itself. */
export function versioningOptions(version: WorkerVersion | undefined): Pick<WorkerOptions, 'workerDeploymentOptions'> {
  if (version === undefined) return {};
  const defaultVersioningBehavior = VersioningBehavior.PINNED;
  return { workerDeploymentOptions: { version, useWorkerVersioning: true, defaultVersioningBehavior } };
}

export function createDeployments(service: Service, namespace: string): Deployments {
  const describe = (version: WorkerVersion, signal: AbortSignal) => untilMet(service, namespace, version, signal);
  const promote = async ({ deploymentName, buildId }: WorkerVersion, conflictToken?: Uint8Array) => {
    const token = conflictToken && { conflictToken };
    await service.setWorkerDeploymentCurrentVersion({ namespace, deploymentName, buildId, ...token });
  };
  return {
    list: async (version, signal) => versionsIn(await describe(version, signal)),
    promote: async (version, signal) => {
      for (;;) {
        await describe(version, signal);
        const refusal = await promote(version).then(() => undefined, whenCode(FAILED_PRECONDITION));
        if (refusal === undefined) return;
        // A worker is met queue by queue: one that asks for workflows already may not have asked for activities yet.
        await sleep(LOOK_MS, undefined, { signal }).catch(() => Promise.reject(refusal));
      }
    },
    promoteFirst: async (version, signal) => {
      for (;;) {
        const { workerDeploymentInfo, conflictToken } = await describe(version, signal);
        const { currentDeploymentVersion, currentVersionChangedTime } = workerDeploymentInfo?.routingConfig ?? {};
        if (currentVersionChangedTime) return currentDeploymentVersion?.buildId ?? undefined;
        // Another worker of another version may be quicker.
        await promote(version, conflictToken).catch(unlessCode(FAILED_PRECONDITION));
        await sleep(LOOK_MS, undefined, { signal });
      }
    },
  };
}

type Description = Awaited<ReturnType<Service['describeWorkerDeployment']>>;

/** Temporal meets a worker when it asks for work for the first time. */
async function untilMet(service: Service, namespace: string, version: WorkerVersion, signal: AbortSignal) {
  const { deploymentName, buildId } = version;
  for (; ; await sleep(LOOK_MS, undefined, { signal })) {
    const found = await service.describeWorkerDeployment({ namespace, deploymentName }).catch(unlessCode(NOT_FOUND));
    if (found && versionsIn(found).some((listed) => listed.buildId === buildId)) return found;
  }
}

function versionsIn({ workerDeploymentInfo }: Description): ListedVersion[] {
  return (workerDeploymentInfo?.versionSummaries ?? []).map(({ deploymentVersion, status }) => ({
    buildId: deploymentVersion?.buildId ?? '',
    status: STATUSES[status ?? 0] ?? 'unknown',
  }));
}

function unlessCode(code: number): (error: unknown) => undefined {
  const refusalOf = whenCode(code);
  return (error) => void refusalOf(error);
}

/** The error when it has this code; throws any other. */
function whenCode(code: number): (error: unknown) => Error {
  return (error) => {
    if (isGrpcServiceError(error) && Number(error.code) === code) return error;
    throw error;
  };
}
