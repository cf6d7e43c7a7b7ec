import { CoordinationV1Api, V1MicroTime } from '#kubernetes-client';
import type { KubeConfig, V1Lease } from '@kubernetes/client-node';
import type { Logger } from 'pino';
import { isConflict, isNotFound } from './errors.ts';
import { epochMs, pause } from './time.ts';

/** How long a leader that is silent stays leader: the longest gap in watching when its process is killed. */
const LEASE_DURATION_SECONDS = 10;

/** Three renewals may fail before the lease is lost. */
const RENEW_INTERVAL_MS = 3_000;

export interface LeaderElection {
  /** Runs `work` whenever this process is the leader; its signal aborts when the lease is lost. Returns after `signal` aborts. */
  run(work: (signal: AbortSignal) => Promise<void>, signal: AbortSignal): Promise<void>;
}

/** Who leads, as far as this process knows; another one, by its identity, until its lease runs out, in epoch milliseconds. */
export type Leadership =
  | { readonly leader: 'self' | 'nobody' }
  | { readonly leader: 'other'; readonly identity: string; readonly untilMs: number };

export interface LeaseOptions {
  readonly kubeConfig: KubeConfig;
  readonly namespace: string;
  /** Name of the Lease. */
  readonly name: string;
  /** Must be unique. */
  readonly identity: string;
  readonly logger: Logger;
  /** Called whenever the lease was looked at; must not throw. */
  readonly onLeadership?: (leadership: Leadership) => void;
}

/** Leader election on a Lease, in the manner of Kubernetes' own controllers. */
export function createLeaderElection(options: LeaseOptions): LeaderElection {
  const { kubeConfig, namespace, name, identity, logger, onLeadership = () => {} } = options;
  const api = kubeConfig.makeApiClient(CoordinationV1Api);
  const isAbandoned = createAbandonment();

  /** True when the lease is ours after the call. A conflict means that somebody else was quicker. */
  const acquire = async (): Promise<boolean> => {
    const lease = await api.readNamespacedLease({ namespace, name }).catch(undefinedIf(isNotFound));
    if (lease && !isFree(lease, identity, Date.now()) && !isAbandoned(lease)) {
      onLeadership({ leader: 'other', identity: lease.spec?.holderIdentity ?? '', untilMs: expiryMs(lease) });
      return false;
    }
    const body = renewed(lease, name, identity, new Date());
    const write = lease
      ? api.replaceNamespacedLease({ namespace, name, body })
      : api.createNamespacedLease({ namespace, body });
    const isWon = (await write.catch(undefinedIf(isConflict))) !== undefined;
    if (isWon) onLeadership({ leader: 'self' });
    return isWon;
  };

  const release = async () => {
    const lease = await api.readNamespacedLease({ namespace, name });
    if (lease.spec?.holderIdentity !== identity) return;
    await api.replaceNamespacedLease({
      namespace,
      name,
      body: { ...lease, spec: { leaseTransitions: lease.spec.leaseTransitions ?? 0 } },
    });
  };

  /** Renews until the lease is lost or `signal` aborts; no renewal is under way when it returns. */
  const hold = async (signal: AbortSignal) => {
    let validUntilMs = performance.now() + LEASE_DURATION_SECONDS * 1000;
    while (performance.now() < validUntilMs) {
      await pause(RENEW_INTERVAL_MS, signal);
      if (signal.aborted) return;
      const renewedAtMs = performance.now();
      const held = await acquire().catch(() => undefined);
      if (held === false) return;
      if (held) validUntilMs = renewedAtMs + LEASE_DURATION_SECONDS * 1000;
    }
  };

  const lead = async (work: (signal: AbortSignal) => Promise<void>, signal: AbortSignal) => {
    logger.info({ lease: name }, 'leading');
    const over = new AbortController();
    const leading = AbortSignal.any([signal, over.signal]);
    const working = work(leading).finally(() => over.abort());
    await hold(leading);
    over.abort();
    await working;
    onLeadership({ leader: 'nobody' });
    await release().catch((error: unknown) =>
      logger.warn({ lease: name, reason: String(error) }, 'lease not released'),
    );
  };

  return {
    async run(work, signal) {
      while (!signal.aborted) {
        const isLeader = await acquire().catch((error: unknown) => {
          logger.warn({ lease: name, reason: String(error) }, 'lease not reachable');
          return false;
        });
        if (isLeader) await lead(work, signal);
        else await pause(RENEW_INTERVAL_MS, signal);
      }
    },
  };
}

/** True when the lease may be taken at `nowMs`: it is ours, nobody's, or its holder has been silent for too long. */
function isFree(lease: V1Lease, identity: string, nowMs: number): boolean {
  const { holderIdentity } = lease.spec ?? {};
  return !holderIdentity || holderIdentity === identity || expiryMs(lease) < nowMs;
}

/** Says of a lease that it has been as it is for its whole duration: its holder's clock may be ahead, so that it runs out too late. */
function createAbandonment(): (lease: V1Lease) => boolean {
  let seen = { version: '', sinceMs: 0 };
  return (lease) => {
    const { resourceVersion: version = '' } = lease.metadata ?? {};
    if (version !== seen.version) seen = { version, sinceMs: performance.now() };
    return performance.now() - seen.sinceMs > durationMs(lease);
  };
}

/** When a lease that is not renewed runs out. */
function expiryMs(lease: V1Lease): number {
  return (epochMs(lease.spec?.renewTime) ?? 0) + durationMs(lease);
}

function durationMs({ spec }: V1Lease): number {
  return (spec?.leaseDurationSeconds ?? LEASE_DURATION_SECONDS) * 1000;
}

function renewed(lease: V1Lease | undefined, name: string, identity: string, now: Date): V1Lease {
  const time = new V1MicroTime(now);
  const isOurs = lease?.spec?.holderIdentity === identity;
  return {
    metadata: lease?.metadata ?? { name },
    spec: {
      holderIdentity: identity,
      leaseDurationSeconds: LEASE_DURATION_SECONDS,
      acquireTime: (isOurs && lease.spec?.acquireTime) || time,
      renewTime: time,
      leaseTransitions: (lease?.spec?.leaseTransitions ?? 0) + (isOurs ? 0 : 1),
    },
  };
}

function undefinedIf(isExpected: (error: unknown) => boolean): (error: unknown) => undefined {
  return (error) => {
    if (!isExpected(error)) throw error;
  };
}
