import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { purposeOf } from '../../../workflows/environment.ts';
import { createSealer } from '../../../sealing.ts';
import { endWorkflow, jobIn, startApi } from '../../support/api-server.ts';
import type { TestApi } from '../../support/api-server.ts';
import { historyText } from '../../support/temporal.ts';

const CANARY = `canary-${randomUUID()}`;
const aName = () => `test-${randomUUID().slice(0, 13)}`;
const bodyOf = (name: string, value: unknown = { value: CANARY, sensitive: true }) => ({
  name,
  job_parameters: { docker_image: 'python', environment_variables: { TOKEN: value, PLAIN: 'seen' } },
});

async function accepted(context: TestContext, api: TestApi, name: string, value?: unknown, key: string = randomUUID()) {
  const headers = { Prefer: 'respond-async', 'Idempotency-Key': key };
  const answer = await api.call('POST', '/batch/', bodyOf(name, value), headers);
  if (answer.result) context.after(() => endWorkflow(api, name).catch(() => undefined));
  return answer;
}

test('a sensitive value is in no answer, no request of a workflow and no document in clear, and the worker can open it', async (context) => {
  const sealer = createSealer([randomBytes(32)]);
  const api = await startApi(context, { sealer });
  const created = await accepted(context, api, aName());
  const job = jobIn(created);
  const read = await api.call('GET', `/batch/${job.id}`);
  for (const answer of [created, read])
    assert.deepEqual(jobIn(answer).job_parameters.environment_variables, { TOKEN: { sensitive: true }, PLAIN: 'seen' });

  const history = historyText(await api.client.workflow.getHandle(job.workflow_id).fetchHistory());
  const mirrored = await api.store.find(job.id);
  for (const [where, what] of Object.entries({ created, read, history, mirrored })) {
    const text = JSON.stringify(what);
    assert.ok(text.includes(job.id), where);
    assert.ok(!text.includes(CANARY) && !text.includes(Buffer.from(CANARY).toString('base64').slice(0, -4)), where);
  }
  const kept = mirrored?.parameters.environment_variables?.['TOKEN'];
  assert.ok(typeof kept === 'object' && 'sealed' in kept);
  assert.equal(await sealer.open(kept.sealed, purposeOf(job.id, 'TOKEN')), CANARY);
});

test('the same request with a sensitive value is the same, and with another value it is another', async (context) => {
  const api = await startApi(context, { sealer: createSealer([randomBytes(32)]) });
  const name = aName();
  const key = randomUUID();
  const first = await accepted(context, api, name, undefined, key);
  const again = await accepted(context, api, name, undefined, key);
  assert.equal(jobIn(again).id, jobIn(first).id);
  const other = await accepted(context, api, name, { value: 'another', sensitive: true }, key);
  assert.deepEqual([other.status, other.error], [409, 'IdempotencyKeyReused']);
});

test('a service without a key takes no sensitive value, and says what is missing', async (context) => {
  const api = await startApi(context);
  const name = aName();
  const { status, data } = await accepted(context, api, name);
  assert.equal(status, 400);
  assert.match(JSON.stringify(data), /TOKEN.*ENCRYPTION_KEYS/);
  assert.equal(await api.store.find(name), undefined);
});

test('a Secret that the owner may not use is refused, whether it exists or not', async (context) => {
  const api = await startApi(context, { settings: { ownerSecrets: { '*': ['public'] } } });
  const refused = await accepted(context, api, aName(), { secret: 'gcs-api-key/key' });
  assert.equal(refused.status, 400);
  assert.match(JSON.stringify(refused.data), /TOKEN.*OWNER_SECRETS/);
  const allowed = await accepted(context, api, aName(), { secret: 'public/greeting' });
  assert.deepEqual(jobIn(allowed).job_parameters.environment_variables?.['TOKEN'], { secret: 'public/greeting' });
});
