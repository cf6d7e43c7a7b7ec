import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { requestHashOf } from '../../../api/idempotency.ts';
import { workflowIdOf } from '../../../workflows/names.ts';
import { endWorkflow, jobIn, startApi } from '../../support/api-server.ts';
import type { Answer, TestApi } from '../../support/api-server.ts';
import { aZip } from '../../support/input-zips.ts';
import { aJob } from '../../support/job-builder.ts';
import { assertNothingLeft, leftBehind } from '../../support/left-behind.ts';
import { createProxy } from '../../support/proxy.ts';
import { required } from '../../support/environment.ts';
import { createStore } from '../../../store/store.ts';

const ZIP = await aZip({ 'a.txt': 'a' });
const OTHER_ZIP = await aZip({ 'a.txt': 'b' });

const aName = () => `test-${randomUUID().slice(0, 13)}`;
const aKey = () => randomUUID();
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const async = { Prefer: 'respond-async' };

function aBody(name?: string, zip?: Buffer) {
  const input = zip && { input_zip: zip.toString('base64') };
  return { ...(name && { name }), job_parameters: { docker_image: 'python', ...input } };
}

function aForm(job: unknown, zip: Buffer): FormData {
  const form = new FormData();
  form.append('job', JSON.stringify(job));
  form.append('input', new Blob([new Uint8Array(zip)]));
  return form;
}

const send = (api: TestApi, body: unknown, key: string, headers: Record<string, string> = async) =>
  api.call('POST', '/batch/', body, { ...headers, 'Idempotency-Key': key });

function endAfter(context: TestContext, api: TestApi, answers: readonly Answer[]): void {
  context.after(async () => {
    const names = new Set(answers.filter(({ status }) => status === 200).map((answer) => jobIn(answer).name));
    for (const name of names) await endWorkflow(api, name).catch(() => undefined);
  });
}

describe('a request with an Idempotency-Key', () => {
  test('is the same job when it comes again, in any notation and by any way', async (context) => {
    const api = await startApi(context);
    const [name, key] = [aName(), aKey()];
    const ways = (environment_variables: Record<string, string>) => {
      const [whole, bare] = [aBody(name, ZIP).job_parameters, aBody(name).job_parameters];
      return {
        json: { name, job_parameters: { ...whole, environment_variables } },
        form: aForm({ job_parameters: { environment_variables, ...bare }, name }, ZIP),
      };
    };
    const spaced = JSON.stringify({ status: 'created', ...ways({ B: 'b', A: 'a' }).json, name: ` ${name}` }, null, 2);
    const answers = [
      await send(api, ways({ A: 'a', B: 'b' }).json, key),
      await send(api, ways({ A: 'a', B: 'b' }).json, key),
      await send(api, spaced, key),
      await send(api, ways({ B: 'b', A: 'a' }).form, key),
    ];
    endAfter(context, api, answers);
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
    const [id, ...others] = new Set(answers.map((answer) => jobIn(answer).id));
    assert.deepEqual(others, []);
    assert.deepEqual(await leftBehind(api), { ids: [id], spooled: [`spool/${id}.zip`] });
  });

  test('shows the job as it is by then, and waits for its start as any does', async (context) => {
    const api = await startApi(context, { settings: { startWaitMs: 20_000 } });
    const key = aKey();
    const first = await send(api, aBody(), key);
    endAfter(context, api, [first]);
    const { id } = jobIn(first);
    const pending = send(api, aBody(), key, {});
    await delay(300);
    const created = (await api.store.find(id)) ?? assert.fail('the job is mirrored');
    await api.store.record({ ...created, revision: 1, status: 'running', phase: 'running', startTime: 5 });
    assert.deepEqual([jobIn(await pending).id, jobIn(await pending).status], [id, 'running']);
    const now = jobIn(await send(api, aBody(), key));
    assert.deepEqual([now.id, now.status], [id, 'running']);
  });

  test('leaves the hashes of its key and of what it asks for with its workflow', async (context) => {
    const api = await startApi(context);
    const key = aKey();
    const answer = await send(api, aBody(), key);
    endAfter(context, api, [answer]);
    const { id, workflow_id } = jobIn(answer);
    const { memo } = await api.client.workflow.getHandle(workflow_id).describe();
    const { requestHash } = (await api.store.submissions.find(sha256(key))) ?? assert.fail('the key is reserved');
    assert.deepEqual(memo, { jobId: id, keyHash: sha256(key), requestHash });
  });

  test('is refused when the key stands for another request', async (context) => {
    const api = await startApi(context);
    const [name, key] = [aName(), aKey()];
    const first = await send(api, aForm(aBody(name), ZIP), key);
    endAfter(context, api, [first]);
    const others = [
      aForm(aBody(name), OTHER_ZIP),
      aBody(name),
      aBody(aName(), ZIP),
      aBody(undefined, ZIP),
      { name, job_parameters: { ...aBody(name, ZIP).job_parameters, args: [] } },
    ];
    for (const other of others) {
      const { status, error, result } = await send(api, other, key);
      assert.deepEqual([status, error, result], [409, 'IdempotencyKeyReused', false]);
    }
    const { id } = jobIn(first);
    assert.deepEqual(await leftBehind(api), { ids: [id], spooled: [`spool/${id}.zip`] });
  });

  test('is refused when the key is malformed, and leaves nothing behind', async (context) => {
    const api = await startApi(context);
    for (const key of ['', 'two words', 'x'.repeat(256), 'caf\u00e9']) {
      const { status, error, data } = await send(api, aBody(), key);
      assert.deepEqual([status, error, Object.keys(data)], [400, 'InvalidParameters', ['Idempotency-Key']]);
    }
    await assertNothingLeft(api);
    const longest = await send(api, aBody(), `${'x'.repeat(254)}~`);
    endAfter(context, api, [longest]);
    assert.equal(longest.status, 200);
  });

  test('does not use the key up when it is refused', async (context) => {
    const api = await startApi(context);
    const key = aKey();
    const taken = await send(api, aBody(aName()), aKey());
    // Its mirror does not know that the name is taken: only the start of the workflow tells.
    const forgetful = await startApi(context, { bucket: api.bucket });
    const refused = [
      { job_parameters: {} },
      aForm(aBody(), Buffer.from('no zip at all')),
      aBody(jobIn(taken).name),
      aForm(aBody(jobIn(taken).name), ZIP),
    ];
    for (const body of refused) assert.equal((await send(forgetful, body, key)).status, 400);
    await assertNothingLeft(forgetful);
    const accepted = await send(forgetful, aBody(aName()), key);
    endAfter(context, api, [taken, accepted]);
    assert.equal(accepted.status, 200);
  });

  test('is accepted beside one of the same key whose input turns out to be bad', async (context) => {
    const api = await startApi(context);
    const [name, key] = [aName(), aKey()];
    const good = aForm(aBody(name), ZIP);
    const bad = aForm(aBody(name), Buffer.concat([ZIP, Buffer.alloc(100_000)]));
    const answers = await Promise.all([bad, good, bad, good].map((form) => send(api, form, key)));
    endAfter(context, api, answers);
    assert.deepEqual(
      answers.map(({ status }) => status),
      [400, 200, 400, 200],
    );
    const id = answers[1] && jobIn(answers[1]).id;
    const { ids, spooled } = await leftBehind(api);
    assert.deepEqual([ids, spooled.length], [[id], 1]);
  });

  test('goes on where a process died between reserving the key and starting the workflow', async (context) => {
    const api = await startApi(context);
    for (const name of [undefined, aName()]) {
      const [key, jobId, created] = [aKey(), randomUUID(), Date.now() - 60_000];
      const requestHash = requestHashOf({ ...(name && { name }), parameters: aBody().job_parameters }, undefined);
      await api.store.submissions.reserve({ keyHash: sha256(key), requestHash, jobId, created });
      const answer = await send(api, aBody(name), key);
      endAfter(context, api, [answer]);
      assert.deepEqual([jobIn(answer).id, jobIn(answer).created], [jobId, created]);
      await api.client.workflow.getHandle(workflowIdOf(jobIn(answer).name)).describe();
    }
  });

  test('takes the next name when it has none of its own, and another job has the first', async (context) => {
    const api = await startApi(context);
    const other = await api.call('POST', '/batch/', aBody(), async);
    const { created } = jobIn(other);
    const [key, jobId] = [aKey(), randomUUID()];
    const requestHash = requestHashOf({ parameters: aBody().job_parameters }, undefined);
    await api.store.submissions.reserve({ keyHash: sha256(key), requestHash, jobId, created });
    const answers = [await send(api, aBody(), key), await send(api, aBody(), key)];
    endAfter(context, api, [other, ...answers]);
    for (const answer of answers) {
      assert.deepEqual([jobIn(answer).id, jobIn(answer).name], [jobId, `python-${created + 1}`]);
    }
  });

  test('never runs a job again that Temporal has forgotten', async (context) => {
    const api = await startApi(context);
    const [key, job] = [aKey(), aJob({ name: aName(), status: 'succeeded', phase: 'ended' })];
    const requestHash = requestHashOf({ name: job.name, parameters: job.parameters }, undefined);
    await api.store.submissions.reserve({ keyHash: sha256(key), requestHash, jobId: job.id, created: job.created });
    await api.store.record(job);
    const answer = await send(api, aBody(job.name), key);
    assert.deepEqual([answer.status, jobIn(answer).id, jobIn(answer).status], [200, job.id, 'succeeded']);
    await assert.rejects(api.client.workflow.getHandle(workflowIdOf(job.name)).describe());
  });

  test('is safe to repeat after the connection broke', async (context) => {
    const api = await startApi(context, { settings: { startWaitMs: 20_000 } });
    const [key, body] = [aKey(), JSON.stringify(aBody(aName(), ZIP))];
    const { hostname, port } = new URL(api.url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    const head = `POST /batch/ HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nidempotency-key: ${key}\r\n`;
    socket.write(`${head}content-length: ${body.length}\r\n\r\n${body}`);
    await delay(20);
    socket.destroy();
    const answer = await send(api, body, key);
    endAfter(context, api, [answer]);
    assert.equal(answer.status, 200);
    await delay(500);
    const { ids, spooled } = await leftBehind(api);
    assert.deepEqual([ids, spooled.length], [[jobIn(answer).id], 1]);
  });

  test('needs MongoDB, and one without a key does not', async (context) => {
    const proxy = await createProxy(context, Number(new URL(required('MONGODB_URI')).port));
    const store = await createStore({ uri: `mongodb://127.0.0.1:${proxy.port}`, database: 'test_away' });
    context.after(() => store.close());
    const api = await startApi(context, { store });
    proxy.close();
    const [refused, accepted] = [
      await send(api, aForm(aBody(), ZIP), aKey()),
      await api.call('POST', '/batch/', aBody(), async),
    ];
    endAfter(context, api, [accepted]);
    assert.deepEqual([refused.status, refused.error, accepted.status], [503, 'ServiceUnavailable', 200]);
    assert.deepEqual(await api.bucket.list('spool/'), []);
  });
});
