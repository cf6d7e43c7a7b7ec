import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { endWorkflow, jobIn, startApi } from '../../support/api-server.ts';
import type { TestApi } from '../../support/api-server.ts';
import { aZip, markedEncrypted } from '../../support/input-zips.ts';
import { rawZip } from '../../support/raw-zips.ts';

type Part = readonly [name: string, content: string | Buffer];

const ZIP = await aZip({ a: 'a' });
const JOB = JSON.stringify({ job_parameters: { docker_image: 'python' } });

function aForm(...parts: Part[]): FormData {
  const form = new FormData();
  for (const [name, content] of parts) {
    form.append(name, typeof content === 'string' ? content : new Blob([new Uint8Array(content)]));
  }
  return form;
}

/** An API, and what its requests leave in the bucket. */
async function startWatched(context: TestContext) {
  const api = await startApi(context);
  const before = await api.bucket.list('spool/');
  const left = async () => (await api.bucket.list('spool/')).filter((object) => !before.includes(object));
  return { api, left };
}

const ENCRYPTED = markedEncrypted(await aZip({ a: 'a', 'secret.txt': 'b' }), true);

describe('POST /batch/ with a form', () => {
  test('streams the part input into the bucket', async (context) => {
    const { api } = await startWatched(context);
    const zip = await aZip({ 'random.bin': randomBytes(20 * 1024 ** 2) });
    const answer = await api.call('POST', '/batch/', aForm(['job', JOB], ['input', zip]));
    assert.equal(answer.status, 200);
    const stored = await api.bucket.stat(`spool/${jobIn(answer).id}.zip`);
    assert.equal(stored?.sizeBytes, zip.length);
    await clean(api, jobIn(answer));
  });

  test('takes a form whose length is said before, as most clients send it', async (context) => {
    const { api } = await startWatched(context);
    for (const sizeBytes of [100, 10_000, 60_000, 200_000, 300_000, 1_000_000]) {
      const form = new Response(aForm(['job', JOB], ['input', await aZip({ a: randomBytes(sizeBytes) })]));
      const headers = { 'content-type': form.headers.get('content-type') ?? '' };
      const response = await fetch(`${api.url}/batch/`, { method: 'POST', body: await form.arrayBuffer(), headers });
      const { data } = (await response.json()) as { data: { id: string; name: string } };
      assert.equal(response.status, 200);
      await clean(api, data);
    }
  });

  test('takes the part job as a file too, and a job without input', async (context) => {
    const { api, left } = await startWatched(context);
    const answer = await api.call('POST', '/batch/', aForm(['job', Buffer.from(JOB)]));
    assert.equal(answer.status, 200);
    assert.deepEqual(await left(), []);
    await endWorkflow(api, jobIn(answer).name);
  });

  const withZip = JSON.stringify({ job_parameters: { docker_image: 'a', input_zip: ZIP.toString('base64') } });
  const refused: Readonly<Record<string, { parts: Part[]; status: number; data: unknown }>> = {
    'a job with faults': {
      parts: [
        ['job', '{"job_parameters":{}}'],
        ['input', ZIP],
      ],
      status: 400,
      data: { job_parameters: { docker_image: 'Field is required' } },
    },
    'an input that is no zip': {
      parts: [
        ['job', JOB],
        ['input', Buffer.from('no zip at all')],
      ],
      status: 400,
      data: { input: 'Is not a zip file' },
    },
    'an input cut off at its end': {
      parts: [
        ['job', JOB],
        ['input', Buffer.concat([ZIP, randomBytes(9_000_000)])],
      ],
      status: 400,
      data: {
        input:
          'Is not a whole zip file: End of central directory record signature not found. ' +
          'Either not a zip file, or file is truncated.',
      },
    },
    'an input with an encrypted entry': {
      parts: [
        ['job', JOB],
        ['input', ENCRYPTED],
      ],
      status: 400,
      data: { input: 'Cannot be unpacked: entry "a" is encrypted with ZipCrypto; make the zip without a password' },
    },
    'an input with an entry that leads elsewhere, behind megabytes': {
      parts: [
        ['job', JOB],
        ['input', rawZip([{ name: 'large', content: randomBytes(9_000_000) }, { name: '../evil' }])],
      ],
      status: 400,
      data: { input: 'Cannot be unpacked: entry "../evil" leads out of the folder' },
    },
    'an input that is too large': {
      parts: [
        ['job', JOB],
        ['input', Buffer.concat([ZIP, Buffer.alloc(33 * 1024 ** 2)])],
      ],
      status: 413,
      data: '',
    },
    'an input before the job': {
      parts: [
        ['input', ZIP],
        ['job', JOB],
      ],
      status: 400,
      data: { input: 'Must come after the part job' },
    },
    'two inputs': {
      parts: [
        ['job', JOB],
        ['input', ZIP],
        ['input', ZIP],
      ],
      status: 400,
      data: { input: 'Must be given once' },
    },
    'two jobs': {
      parts: [
        ['job', JOB],
        ['job', JOB],
      ],
      status: 400,
      data: { job: 'Must be given once' },
    },
    'no job': { parts: [], status: 400, data: { job: 'Field is required' } },
    'another part': {
      parts: [
        ['job', JOB],
        ['extra', 'x'],
      ],
      status: 400,
      data: { extra: 'Unknown field' },
    },
    'an input as text': {
      parts: [
        ['job', JOB],
        ['input', 'text'],
      ],
      status: 400,
      data: { input: 'Must be a file' },
    },
    'a job that is no JSON': {
      parts: [
        ['job', '{'],
        ['input', ZIP],
      ],
      status: 400,
      data: '',
    },
    'a job that is too large': { parts: [['job', `"${'x'.repeat(1024 ** 2)}"`]], status: 413, data: '' },
    'two ways to send the input': {
      parts: [
        ['job', withZip],
        ['input', ZIP],
      ],
      status: 400,
      data: { job_parameters: { input_zip: 'Must be absent when the input comes as a part' } },
    },
  };
  for (const [what, { parts, status, data }] of Object.entries(refused)) {
    test(`refuses ${what}, and leaves nothing behind`, async (context) => {
      const { api, left } = await startWatched(context);
      const answer = await api.call('POST', '/batch/', aForm(...parts));
      assert.deepEqual([answer.status, answer.data], [status, data]);
      assert.deepEqual(await left(), []);
      assert.deepEqual((await api.call('GET', '/batch/?status=all')).data, []);
    });
  }

  test('refuses a form that breaks off after its input, and leaves nothing behind', async (context) => {
    const { api, left } = await startWatched(context);
    const part = (name: string, file: string) => `--x\r\ncontent-disposition: form-data; name="${name}"${file}\r\n\r\n`;
    const body = `${part('job', '')}${JOB}\r\n${part('input', '; filename="i"')}${ZIP.toString('latin1')}\r\n--x\r\n`;
    const headers = { 'content-type': 'multipart/form-data; boundary=x' };
    const response = await fetch(`${api.url}/batch/`, { method: 'POST', body: Buffer.from(body, 'latin1'), headers });
    assert.equal(response.status, 400);
    assert.deepEqual(await left(), []);
  });

  test('leaves nothing behind when the client goes away in the middle', async (context) => {
    const { api, left } = await startWatched(context);
    const { hostname, port } = new URL(api.url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    const part = (name: string, file: string) => `--x\r\ncontent-disposition: form-data; name="${name}"${file}\r\n\r\n`;
    socket.write(
      'POST /batch/ HTTP/1.1\r\nhost: x\r\ncontent-length: 20000000\r\n' +
        'content-type: multipart/form-data; boundary=x\r\n\r\n' +
        `${part('job', '')}${JOB}\r\n${part('input', '; filename="i"')}`,
    );
    socket.write(Buffer.concat([ZIP, randomBytes(9_000_000)]));
    await delay(500);
    socket.destroy();
    await delay(1000);
    assert.deepEqual(await left(), []);
    assert.equal((await api.call('GET', '/livez')).status, 200);
  });
});

async function clean(api: TestApi, { id, name }: { id: string; name: string }): Promise<void> {
  await endWorkflow(api, name);
  await api.bucket.remove(`spool/${id}.zip`);
}

test('many forms at once are many jobs', async (context) => {
  const { api, left } = await startWatched(context);
  const zip = await aZip({ a: randomBytes(100_000) });
  const names = Array.from({ length: 6 }, () => `test-${randomUUID().slice(0, 13)}`);
  const answers = await Promise.all(
    names.map((name) =>
      api.call('POST', '/batch/', aForm(['job', JSON.stringify({ name, ...JSON.parse(JOB) })], ['input', zip])),
    ),
  );
  assert.deepEqual(
    answers.map((answer) => jobIn(answer).name),
    names,
  );
  assert.equal((await left()).length, 6);
  for (const answer of answers) await clean(api, jobIn(answer));
});
