import type { Readable } from 'node:stream';
import type { PayloadCodec } from '@temporalio/common';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Bucket } from '../bucket/bucket.ts';
import type { ApiConfig, SharedConfig } from '../config.ts';
import type { Authenticate } from './auth/principal.ts';
import type { Sealer } from '../sealing.ts';
import type { ChangeWaiter } from '../store/changes.ts';
import type { Store } from '../store/store.ts';
import type { JobTracer } from '../tracing.ts';
import type { ContainerRole, Job } from '../workflows/contract.ts';
import type { JobWorkflows } from './workflows.ts';

/** How a log is wanted. */
export interface JobLogOptions {
  /** Goes on until the container ends. */
  readonly follow: boolean;
  /** Only the last lines, and what follows. Default all. */
  readonly tailLines?: number;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
}

/** Reads the log of a container of a job that is on the cluster; undefined when the cluster has none, or none yet. */
export type ReadJobLog = (job: Job, container: ContainerRole, options: JobLogOptions) => Promise<Readable | undefined>;

/** Why a job waits, in the cluster's own words, as it is at this moment; undefined when there is nothing to say. */
export type ExplainJob = (job: Job) => Promise<string | undefined>;

/** Limits and waits of the API: its configuration without where everything is. */
export type ApiSettings = Omit<
  ApiConfig,
  keyof SharedConfig | 'host' | 'port' | 'metricsPort' | 'auth' | 'oidc' | 'temporalUiUrl'
>;

/** The page, and what it has to know. */
export interface PageSettings {
  /** Folder of its files. */
  readonly folder: string;
  /** By what people say who they are; nobody is asked when it is empty. */
  readonly auth: readonly string[];
  readonly oidc?: Readonly<Record<'issuer' | 'client_id' | 'audience' | 'scope', string>>;
  /** Address of a workflow in the Temporal Web UI, with `{id}` in the place of its id. */
  readonly workflow_url?: string;
}

/** All that the API works with. */
export interface ApiDeps {
  readonly workflows: JobWorkflows;
  readonly store: Store;
  readonly changes: ChangeWaiter;
  readonly bucket: Bucket;
  readonly readLog: ReadJobLog;
  readonly explain: ExplainJob;
  /** Keeps what is sensitive; without it nothing sensitive is taken. */
  readonly sealer?: Sealer;
  /** Decrypts for Temporal's own tools what Temporal keeps. */
  readonly payloadCodec: PayloadCodec;
  /** Origin of the Web UI, whose page may call the codec server; no page may without it. */
  readonly webUiOrigin?: string;
  /** Who sent a request; anybody may do everything without it. */
  readonly authenticate?: Authenticate;
  readonly settings: ApiSettings;
  /** Without it there is no page. */
  readonly page?: PageSettings;
  /** Is told of accepted jobs; without it nobody is. */
  readonly tracer?: Pick<JobTracer, 'part'>;
  /** Where requests are measured; without it they are not. */
  readonly registry?: Registry;
  readonly logger: Logger;
  /** The clock, in epoch milliseconds; the system's by default. */
  readonly now?: () => number;
  /** Longest silence of an event stream, in milliseconds; 15 seconds by default. */
  readonly heartbeatMs?: number;
}
