import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { Client, Connection } from '@temporalio/client';
import { pino } from 'pino';
import { createApp } from '../../api/app.ts';
import { createApiServer } from '../../api/server.ts';
import type { ApiDeps, ApiSettings } from '../../api/deps.ts';
import type { PresentedJob } from '../../api/present.ts';
import { createJobWorkflows } from '../../api/workflows.ts';
import { createPayloadCodec } from '../../payload-codec.ts';
import { createChangeWaiter } from '../../store/changes.ts';
import { workflowIdOf } from '../../workflows/names.ts';
import { assertDocumented } from './documented.ts';
import { required } from './environment.ts';
import { createTestBucket } from './gcs.ts';
import { openStore } from './open-store.ts';

/** The API under test, over real HTTP, on real servers; without a cluster, and without a worker. */
export interface TestApi extends ApiDeps {
  readonly url: string;
  readonly client: Client;
  /** Sends a request and reads the envelope, which must be as the document says. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
}

/** An answer of the API. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly data: never;
  readonly error: string;
  readonly msg: string;
  readonly result: boolean;
}

/** No test comes to a limit but who sets one. */
const NO_LIMIT = 1_000_000;

const SETTINGS: ApiSettings = {
  limits: { requestsPerSecond: NO_LIMIT, concurrentRequests: NO_LIMIT, failuresPerMinute: NO_LIMIT },
  allowedHosts: [],
  trustedProxies: 0,
  startWaitMs: 200,
  killWaitMs: 300,
  maxBodyBytes: 1024 ** 2,
  maxInputBytes: 32 * 1024 ** 2,
  claimSize: '10Gi',
  maxFiles: 1000,
  inputBuckets: [],
  ownerSecrets: {},
  outputUrlExpiryMs: 60_000,
  jobStartTimeoutMs: 900_000,
  jobRunTimeoutMs: 604_800_000,
  jobTransferTimeoutMs: 21_600_000,
  jobMaxStartTimeoutMs: 315_360_000_000,
  allowed: { priorityClasses: ['*'], queues: ['*'], storageClasses: ['*'], nodeSelectors: ['*'], tolerations: ['*'] },
  synchronizationIntervalMs: 30_000,
  isQueueing: false,
};

/** What a test has otherwise than {@link startApi}. */
export type Changes = Partial<Omit<ApiDeps, 'settings'>> & { readonly settings?: Partial<ApiSettings> };

/** Starts the API; `changes` says what the test is about. Everything is closed when the test ends. */
export async function startApi(context: TestContext, changes: Changes = {}): Promise<TestApi> {
  const { client, store, ...deps } = await realDeps(context);
  const all = { store, ...deps, ...changes, settings: { ...SETTINGS, ...changes.settings } };
  const server = createApiServer(createApp(all)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { ...all, client, url, call: (...request) => call(url, ...request) };
}

async function realDeps(context: TestContext) {
  const connection = await Connection.connect({ address: required('TEMPORAL_ADDRESS') });
  context.after(() => connection.close());
  const store = await openStore(context);
  const client = new Client({ connection });
  // A bucket of its own, so that what other tests spool at the same time is not taken for a left-over.
  const { bucket } = await createTestBucket({ credentialsFilePath: required('GC_CREDENTIALS_FILE_PATH') });
  return {
    client,
    store,
    workflows: createJobWorkflows(client),
    changes: createChangeWaiter(store),
    bucket,
    readLog: () => Promise.resolve(undefined),
    explain: () => Promise.resolve(undefined),
    payloadCodec: createPayloadCodec({ isTemporalEncrypted: false }),
    logger: pino({ level: 'silent' }),
  };
}

async function call(
  url: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const isForm = body instanceof FormData;
  const content = body === undefined || isForm || typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(url + path, {
    method,
    ...(content !== undefined && { body: content }),
    headers: { ...(content !== undefined && !isForm && { 'content-type': 'application/json' }), ...headers },
  });
  const envelope = (await response.json()) as Omit<Answer, 'status' | 'headers'>;
  assertDocumented(method, path, { status: response.status, headers: response.headers, body: envelope });
  return { status: response.status, headers: response.headers, ...envelope };
}

/** `data` as a job. */
export function jobIn(answer: Answer): PresentedJob {
  return answer.data;
}

/** Ends the workflow of a job that nobody works on. */
export async function endWorkflow({ client }: TestApi, name: string): Promise<void> {
  await client.workflow.getHandle(workflowIdOf(name)).terminate();
}
