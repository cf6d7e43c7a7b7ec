import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { SCOPES } from '../../../api/auth/principal.ts';
import type { Scope } from '../../../api/auth/principal.ts';
import { endWorkflow } from '../../support/api-server.ts';
import { startGuardedApi } from '../../support/guarded-api.ts';
import { aJob } from '../../support/job-builder.ts';
import { operations } from '../../support/openapi.ts';

/** Calls with the scope that the document says. */
const CALLS = operations().flatMap(({ path, method, operation }) => {
  const [scheme] = operation['security'] as readonly Record<string, readonly Scope[]>[];
  return Object.values(scheme ?? {}).flatMap((scopes) => scopes.map((scope) => ({ path, method, scope })));
});

async function startWithJob(context: TestContext) {
  const api = await startGuardedApi(context);
  const job = aJob({ owner: 'alice' });
  await api.store.record(job);
  return { api, job };
}

for (const scope of SCOPES) {
  test(`a key for ${scope} may do what the document says, and nothing else`, async (context) => {
    const { api, job } = await startWithJob(context);
    const client = await api.as('alice', scope);
    assert.deepEqual(new Set(CALLS.map((call) => call.scope)), new Set(['read', 'submit', 'kill', 'admin']));
    for (const call of CALLS) {
      const path = call.path.replace('{id}', call.method === 'delete' ? randomUUID() : job.id);
      const { status, headers } = await fetch(api.url + path, {
        method: call.method,
        headers: { ...client.headers, 'last-event-id': '999999' },
        signal: AbortSignal.timeout(5_000),
      });
      const isAllowed = scope === 'admin' || scope === call.scope;
      assert.equal(status !== 403 && status !== 401, isAllowed, `${call.method} ${call.path}: ${status}`);
      const challenge = headers.get('www-authenticate') ?? '';
      assert.equal(challenge.includes(`error="insufficient_scope", scope="${call.scope}"`), !isAllowed);
    }
  });
}

test('a refusal for its scope is in the envelope, as the document says', async (context) => {
  const { api, job } = await startWithJob(context);
  const { status, error, msg } = await (await api.as('alice', 'read')).call('DELETE', `/batch/${job.id}`);
  assert.deepEqual([status, error], [403, 'Forbidden']);
  assert.match(msg, /scope kill/);
});

test('who administers sees and kills jobs of all owners, and sends its own', async (context) => {
  const { api, job } = await startWithJob(context);
  const admin = await api.as('root', 'admin');
  assert.equal((await admin.call('GET', `/batch/${job.id}`)).status, 200);
  assert.equal((await admin.call('DELETE', `/batch/${job.id}`)).status, 202);
  const name = `test-${randomUUID().slice(0, 13)}`;
  const body = { name, job_parameters: { docker_image: 'python' } };
  const { data } = await admin.call('POST', '/batch/', body, { prefer: 'respond-async' });
  const { owner, workflow_id } = data as { owner: string; workflow_id: string };
  await endWorkflow(api, workflow_id.replace('batch-job/', ''));
  assert.equal(owner, 'root');
  const { data: listed } = await admin.call('GET', '/batch/?status=all');
  assert.deepEqual((listed as { owner: string }[]).map((one) => one.owner).sort(), ['alice', 'root']);
});
