import type { Readable } from 'node:stream';
import type { ContainerRole } from '../workflows/contract.ts';
import { clusterError } from './errors.ts';
import type { OpenStream } from './stream.ts';

export interface LogOptions {
  /** Goes on until the container ends. Default false. */
  readonly follow?: boolean;
  /** Only the last lines. Default all. */
  readonly tailLines?: number;
  /** Only what was said from this second on, as RFC 3339 writes it. Default all. */
  readonly sinceTime?: string;
  /** Puts the node's time before each line. Default false. */
  readonly timestamps?: boolean;
  /** Stops after so many bytes. Default all. */
  readonly limitBytes?: number;
  /** The log is handed over when so many bytes have come, or no more will. Default: when the node begins to answer. */
  readonly leastBytes?: number;
  readonly signal?: AbortSignal;
}

/** Reads the log of one container of a pod, stdout and stderr as the node interleaved them. */
export type ReadLog = (podName: string, container: ContainerRole, options?: LogOptions) => Promise<Readable>;

/** @returns a reader that throws ClusterRefusedError (404 when the pod is gone, 400 when the container has not started, 204 when the pod has no node) */
export function createReadLog(openStream: OpenStream, namespace: string): ReadLog {
  return (podName, container, options = {}) => {
    const { follow, tailLines, sinceTime, timestamps, limitBytes, leastBytes, signal } = options;
    const query = {
      container,
      ...(follow && { follow: 'true' }),
      ...(timestamps && { timestamps: 'true' }),
      ...(sinceTime !== undefined && { sinceTime }),
      ...(tailLines !== undefined && { tailLines: String(tailLines) }),
      ...(limitBytes !== undefined && { limitBytes: String(limitBytes) }),
    };
    const path = `/api/v1/namespaces/${namespace}/pods/${encodeURIComponent(podName)}/log`;
    return openStream(path, query, signal, leastBytes).catch((error: unknown) => {
      throw clusterError(`read log of ${podName}`, error);
    });
  };
}
