import assert from 'node:assert/strict';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { endWorkflow, startApi } from '../../support/api-server.ts';
import { aZip } from '../../support/input-zips.ts';
import { assertNothingLeft } from '../../support/left-behind.ts';

const aName = () => `test-${randomUUID().slice(0, 13)}`;

const digest = (algorithm: string, content: Buffer) =>
  `${algorithm}=:${createHash(algorithm.replace('-', '')).update(content).digest('base64')}:`;

/** Both ways to send a job with an input: the body, and its type. */
async function waysToSend(name: string): Promise<Record<string, { body: Buffer; type: string }>> {
  const zip = await aZip({ 'random.bin': randomBytes(300_000) });
  const job = { name, job_parameters: { docker_image: 'python' } };
  const form = new FormData();
  form.append('job', JSON.stringify(job));
  form.append('input', new Blob([new Uint8Array(zip)]));
  const multipart = new Response(form);
  const whole = { name, job_parameters: { ...job.job_parameters, input_zip: zip.toString('base64') } };
  return {
    JSON: { body: Buffer.from(JSON.stringify(whole)), type: 'application/json' },
    'a form': { body: Buffer.from(await multipart.arrayBuffer()), type: multipart.headers.get('content-type') ?? '' },
  };
}

describe('the content of a request', () => {
  for (const way of ['JSON', 'a form']) {
    test(`is what its Content-Digest says, as ${way}`, async (context) => {
      const api = await startApi(context);
      const name = aName();
      const { body, type } = (await waysToSend(name))[way] ?? assert.fail();
      const header = `md5=:AAAA:, ${digest('sha-512', body)}, ${digest('sha-256', body)}`;
      const answer = await send(api.url, body, { 'content-type': type, 'content-digest': header });
      assert.equal(answer.status, 200);
      const { data } = (await answer.json()) as { data: { id: string } };
      assert.deepEqual(await api.bucket.list(''), [`spool/${data.id}.zip`]);
      await endWorkflow(api, name);
    });

    for (const algorithm of ['sha-256', 'sha-512']) {
      test(`is refused when its ${algorithm} is another one, as ${way}, and nothing is left behind`, async (context) => {
        const api = await startApi(context);
        const name = aName();
        const { body, type } = (await waysToSend(name))[way] ?? assert.fail();
        const other = algorithm === 'sha-256' ? 'sha-512' : 'sha-256';
        const header = `${digest(other, body)}, ${digest(algorithm, Buffer.concat([body, body]))}`;
        const answer = await send(api.url, body, { 'content-type': type, 'content-digest': header });
        const { error, data } = (await answer.json()) as { error: string; data: unknown };
        assert.deepEqual([answer.status, error], [400, 'InvalidParameters']);
        assert.deepEqual(data, { 'Content-Digest': `The content that arrived has another ${algorithm}` });
        await assertNothingLeft(api, name);
      });
    }
  }

  test('is not read when the Content-Digest is malformed', async (context) => {
    const api = await startApi(context);
    const answer = await api.call('POST', '/batch/', '{', { 'content-digest': 'sha-256=hex' });
    assert.deepEqual([answer.status, Object.keys(answer.data)], [400, ['Content-Digest']]);
    await assertNothingLeft(api);
  });
});

async function send(url: string, body: Buffer, headers: Record<string, string>): Promise<Response> {
  return await fetch(`${url}/batch/`, { method: 'POST', body: new Uint8Array(body), headers });
}
