import type { TestContext } from 'node:test';
import { createClient } from '../../client/client.ts';
import type { JobClient } from '../../client/client.ts';
import type { Job } from '../../client/types.ts';
import { openStore } from './open-store.ts';
import { required } from './environment.ts';
import { makeKey } from './guarded-api.ts';
import { aName } from './job-client.ts';
import { startOwnService } from './own-service.ts';
import type { OwnService } from './own-service.ts';
import { startWorkerProcess } from './worker-process.ts';

/** Somebody with an API key that may read, submit and kill. */
export interface Tenant {
  readonly owner: string;
  /** What his requests carry. */
  readonly headers: Readonly<Record<string, string>>;
  readonly client: JobClient;
}

/** The service as tenants meet it: it asks for API keys, and runs their jobs. */
export interface HostileService extends OwnService {
  readonly url: string;
  /** Means no harm. */
  readonly alice: Tenant;
  /** Means harm; her name begins as that of Alice. */
  readonly mallory: Tenant;
}

/** Starts an API that asks for keys and a worker, with the namespaces of {@link startOwnService}, until the test ends. */
export async function startHostileService(
  context: TestContext,
  environment: Readonly<Record<string, string>> = {},
): Promise<HostileService> {
  const service = await startOwnService(context, () => Promise.resolve({ API_AUTH: 'keys', ...environment }));
  await startWorkerProcess(context, { API_AUTH: 'keys', ...environment });
  const url = required('API_URL');
  const [alice, mallory] = await Promise.all([tenant(context, url, 'alice'), tenant(context, url, 'alice-mallory')]);
  return { ...service, url, alice, mallory };
}

async function tenant(context: TestContext, url: string, owner: string): Promise<Tenant> {
  const store = await openStore(context, { uri: required('MONGODB_URI'), database: required('MONGODB_DATABASE') });
  const { text } = await makeKey(store, { owner, scopes: ['read', 'submit', 'kill'] });
  return { owner, headers: { authorization: `Bearer ${text}` }, client: createClient({ url, credential: text }) };
}

/** Sends a job of `tenant` that runs `script` in a shell, and waits for its end. */
export async function runJobOf({ client }: Tenant, script: string, zip: Uint8Array): Promise<Job> {
  const job_parameters = { docker_image: required('IMAGE_BUSYBOX'), command: ['sh', '-c', script] };
  const input = () => ReadableStream.from([zip]);
  const { id } = await client.submit({ name: aName('hostile'), job_parameters }, { input });
  return await client.waitFor(id, ({ stop_time }) => stop_time !== undefined);
}
