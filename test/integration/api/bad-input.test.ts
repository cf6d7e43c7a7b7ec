import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { startApi } from '../../support/api-server.ts';
import type { Answer } from '../../support/api-server.ts';
import { aZip, markedEncrypted } from '../../support/input-zips.ts';
import { assertNothingLeft } from '../../support/left-behind.ts';
import { rawZip } from '../../support/raw-zips.ts';

const ZIP = await aZip({ a: 'a' });
const base64 = (bytes: Buffer | string) => Buffer.from(bytes).toString('base64');
const aName = () => `test-${randomUUID().slice(0, 13)}`;

const NAME = 'Must consist of lower case letters, digits and dashes, and start and end with a letter or digit';
const IMAGE = "Must be an image reference, like 'registry/path:tag'";
const QUANTITY = "Must be a Kubernetes quantity, like '500m' or '128Mi'";
const VALUE = 'Must be a string, {"secret": "name/key"} or {"value": "…", "sensitive": true}';
const VARIABLE = "A name must be printable ASCII without '='";
const NO_END =
  'Is not a whole zip file: End of central directory record signature not found. ' +
  'Either not a zip file, or file is truncated.';

/** What is wrong with `job_parameters` beside a good image, and what is said of it. */
const PARAMETERS: Record<string, readonly [parameters: object, faults: object]> = {
  'no image': [{ docker_image: undefined }, { docker_image: 'Field is required' }],
  'an image of another type': [{ docker_image: 7 }, { docker_image: 'Must be a string' }],
  'a bad image reference': [{ docker_image: 'https://host/Image' }, { docker_image: IMAGE }],
  'an empty image': [{ docker_image: '' }, { docker_image: IMAGE }],
  'unknown parameters': [
    { colour: 1, size: 2 },
    { colour: 'Unknown field', size: 'Unknown field' },
  ],
  'a command of another type': [
    { command: 'sh -c x', args: [1, 'a', null] },
    { command: 'Must be a list', args: { 0: 'Must be a string', 2: 'Must be a string' } },
  ],
  'variables of another type': [{ environment_variables: ['A=1'] }, { environment_variables: 'Must be an object' }],
  'variables whose names Kubernetes refuses': [
    { environment_variables: { '': 'x', 'A=B': 'x', Ä: 'x', 'A\n': 'x', GOOD: 'x' } },
    { environment_variables: { '': VARIABLE, 'A=B': VARIABLE, Ä: VARIABLE, 'A\n': VARIABLE } },
  ],
  'variables that are no texts': [
    { environment_variables: { A: 1, B: null, C: ['x'], D: 'x' } },
    { environment_variables: { A: 'Must be a string', B: 'Must be a string', C: VALUE } },
  ],
  'quantities that Kubernetes refuses': [
    { resources: { limits: { cpu: '500x', memory: '128 Mi' }, requests: { cpu: '-1', memory: '' } } },
    { resources: { limits: { cpu: QUANTITY, memory: QUANTITY }, requests: { cpu: QUANTITY, memory: QUANTITY } } },
  ],
  'limits below the requests': [
    { resources: { limits: { cpu: '500m', memory: '1Gi' }, requests: { cpu: '1', memory: '1025Mi' } } },
    {
      resources: {
        limits: { cpu: 'Must be at least the request of 1', memory: 'Must be at least the request of 1025Mi' },
      },
    },
  ],
  'resources of another type': [
    { resources: { limits: [], requests: 'all', claims: {} } },
    { resources: { limits: 'Must be an object', requests: 'Must be an object', claims: 'Unknown field' } },
  ],
};

/** Inputs in JSON that are refused. */
const INPUTS: Record<string, readonly [input: unknown, fault: string]> = {
  'an input of another type': [{}, 'Must be a string'],
  'an input that is no Base64': ['no/Base64!', 'Must be Base64'],
  'an input that is no zip': [base64('hello'), 'Is not a zip file'],
  'an input that is cut off': [base64(ZIP.subarray(0, -1)), NO_END],
  'an input that is encrypted': [
    base64(markedEncrypted(ZIP, true)),
    'Cannot be unpacked: entry "a" is encrypted with ZipCrypto; make the zip without a password',
  ],
  'an input with a link': [
    base64(rawZip([{ name: 'link', content: '/etc', mode: 0o120777 }])),
    'Cannot be unpacked: entry "link" is a link',
  ],
};

/** Whole requests, and their faults. */
const REQUESTS: Record<string, readonly [body: object, faults: object]> = {
  'a job without parameters': [{ name: 'a' }, { job_parameters: 'Field is required' }],
  'parameters of another type': [{ job_parameters: ['a'] }, { job_parameters: 'Must be an object' }],
  'a name of another type': [{ name: 7, ...aJobOf({}) }, { name: 'Must be a string' }],
  'a name that Kubernetes refuses': [{ name: 'No_Name', ...aJobOf({}) }, { name: NAME }],
  'a name of 51 characters': [{ name: 'x'.repeat(51), ...aJobOf({}) }, { name: 'Must be at most 50 characters' }],
  'unknown fields': [
    { ...aJobOf({}), id: '1', colour: 'red' },
    { id: 'Unknown field', colour: 'Unknown field' },
  ],
  ...Object.fromEntries(
    Object.entries(PARAMETERS).map(([what, [parameters, faults]]) => [
      what,
      [aJobOf(parameters), { job_parameters: faults }] as const,
    ]),
  ),
};

function aJobOf(parameters: object): { job_parameters: object } {
  return { job_parameters: { docker_image: 'python', ...parameters } };
}

function aFormOf(body: object): FormData {
  const form = new FormData();
  form.append('job', JSON.stringify(body));
  form.append('input', new Blob([new Uint8Array(ZIP)]));
  return form;
}

function assertRefused({ status, error, data, msg, result }: Answer, faults: unknown): void {
  assert.deepEqual([status, error, msg, result], [400, 'InvalidParameters', '', false]);
  assert.deepEqual(data, faults);
}

describe('POST /batch/ refuses, and leaves no row, no workflow and no object behind for', () => {
  for (const [what, [body, faults]] of Object.entries(REQUESTS)) {
    test(what, async (context) => {
      const api = await startApi(context);
      const name = aName();
      for (const whole of [body, 'name' in body ? body : { ...body, name }]) {
        assertRefused(await api.call('POST', '/batch/', whole), faults);
        assertRefused(await api.call('POST', '/batch/', aFormOf(whole)), faults);
      }
      await assertNothingLeft(api, name);
    });
  }

  for (const [what, [input_zip, fault]] of Object.entries(INPUTS)) {
    test(what, async (context) => {
      const api = await startApi(context);
      const body = { name: aName(), ...aJobOf({ input_zip }) };
      assertRefused(await api.call('POST', '/batch/', body), { job_parameters: { input_zip: fault } });
      await assertNothingLeft(api, body.name);
    });
  }

  test('every fault of a request at once, each where it stands', async (context) => {
    const api = await startApi(context);
    const faulty = Object.values(PARAMETERS).filter(([, faults]) => !('docker_image' in faults));
    const parameters = Object.assign({}, ...faulty.map(([given]) => given)) as object;
    const faults = Object.assign({}, ...faulty.map(([, told]) => told)) as object;
    const body = {
      name: 'No_Name',
      colour: 'red',
      ...aJobOf({ ...parameters, input_zip: base64(ZIP.subarray(0, -1)) }),
    };
    assertRefused(await api.call('POST', '/batch/', body), {
      name: NAME,
      colour: 'Unknown field',
      job_parameters: { ...faults, input_zip: NO_END },
    });
    await assertNothingLeft(api);
  });

  for (const [what, body, type, status, error] of [
    ['a body that is no JSON', '{"job_parameters":', 'application/json', 400, 'InvalidParameters'],
    [
      'a body that is not UTF-8',
      Buffer.from('{"name":"\xff"}', 'latin1'),
      'application/json',
      400,
      'InvalidParameters',
    ],
    ['a body that is no object', '[]', 'application/json', 400, 'InvalidParameters'],
    ['a body over the limit', `"${'x'.repeat(1024 ** 2)}"`, 'application/json', 413, 'PayloadTooLarge'],
    ['a body of another type', JSON.stringify(aJobOf({})), 'text/plain', 415, 'UnsupportedMediaType'],
    ['a form without a boundary', 'x', 'multipart/form-data', 400, 'InvalidParameters'],
  ] as const) {
    test(what, async (context) => {
      const api = await startApi(context);
      const response = await fetch(`${api.url}/batch/`, { method: 'POST', body, headers: { 'content-type': type } });
      const { error: told, data } = (await response.json()) as Answer;
      assert.deepEqual([response.status, told, data], [status, error, '']);
      await assertNothingLeft(api);
    });
  }
});

describe('an address', () => {
  for (const [method, path, allowed] of [
    ['PUT', '/batch/', 'GET, HEAD, POST'],
    ['DELETE', '/batch/', 'GET, HEAD, POST'],
    ['PATCH', '/batch/some-job', 'DELETE, GET, HEAD'],
    ['POST', '/batch/some-job/logs', 'GET, HEAD'],
  ] as const) {
    test(`does not take ${method} ${path}, and says what it takes`, async (context) => {
      const api = await startApi(context);
      const answer = await api.call(method, path);
      assert.deepEqual([answer.status, answer.error], [405, 'MethodNotAllowed']);
      assert.deepEqual(answer.headers.get('allow')?.split(', ').sort().join(', '), allowed);
    });
  }

  for (const id of ['No%20Body', '%ff', '..%2f..', '$ne', 'x'.repeat(300)]) {
    test(`with the malformed id ${id.slice(0, 20)} is refused, by whatever method`, async (context) => {
      const api = await startApi(context);
      for (const [method, path] of [
        ['GET', ''],
        ['DELETE', ''],
        ['GET', '/logs'],
        ['GET', '/output'],
        ['GET', '/events'],
      ] as const) {
        const { status, error, data } = await api.call(method, `/batch/${id}${path}`);
        assert.deepEqual([method, path, status, error], [method, path, 400, 'InvalidParameters']);
        assert.deepEqual(data, { id: 'Must be the id or the name of a job' });
      }
    });
  }
});
