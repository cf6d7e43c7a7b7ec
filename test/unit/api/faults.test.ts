import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isApiError } from '../../../api/errors.ts';
import { parseJobAndInput } from '../../../api/schemas/job.ts';

const RULES = { inputBuckets: [], isPart: false };

/** The envelope's `data` of the refusal. */
async function faultsOf(body: unknown): Promise<unknown> {
  try {
    await parseJobAndInput(body, RULES);
  } catch (error) {
    assert.ok(isApiError(error));
    assert.deepEqual([error.status, error.error], [400, 'InvalidParameters']);
    return error.data;
  }
  return undefined;
}

const job = (parameters: object, more: object = {}) => ({
  ...more,
  job_parameters: { docker_image: 'alpine', ...parameters },
});

describe('a request with faults', () => {
  test('is refused in the words of the public contract when the image is missing', async () => {
    assert.deepEqual(await faultsOf({ job_parameters: {} }), { job_parameters: { docker_image: 'Field is required' } });
    assert.deepEqual(await faultsOf({}), { job_parameters: 'Field is required' });
  });

  test('is refused with all its faults at once, each where it stands', async () => {
    const body = {
      name: 'No Name',
      colour: 'red',
      job_parameters: {
        docker_image: 'UPPER',
        command: ['ok', 1],
        args: 'x',
        environment_variables: { 'a=b': 'x', C: 3 },
        resources: { limits: { cpu: '1', memory: 'much' }, requests: { cpu: '2', shoes: '1' }, extra: {} },
        input_zip: '???',
        size: 1,
      },
    };
    assert.deepEqual(await faultsOf(body), {
      name: 'Must consist of lower case letters, digits and dashes, and start and end with a letter or digit',
      colour: 'Unknown field',
      job_parameters: {
        docker_image: "Must be an image reference, like 'registry/path:tag'",
        command: { 1: 'Must be a string' },
        args: 'Must be a list',
        environment_variables: { 'a=b': "A name must be printable ASCII without '='", C: 'Must be a string' },
        resources: {
          limits: {
            cpu: 'Must be at least the request of 2',
            memory: "Must be a Kubernetes quantity, like '500m' or '128Mi'",
          },
          requests: { shoes: 'Is not a resource name' },
          extra: 'Unknown field',
        },
        input_zip: 'Must be Base64',
        size: 'Unknown field',
      },
    });
  });

  for (const body of [null, [], 'text', 7]) {
    test(`is refused when it is ${JSON.stringify(body)} and no object`, async () => {
      await assert.rejects(parseJobAndInput(body, RULES), /JSON object/);
    });
  }

  test('may call a field anything but __proto__', async () => {
    const fields = '{"constructor": 1, "toString": 1, "job_parameters": 1}';
    const faults = (await faultsOf(JSON.parse(fields))) as object;
    assert.deepEqual(Object.keys(faults).sort(), ['constructor', 'job_parameters', 'toString']);
  });

  test('is refused for the key __proto__, wherever it is', async () => {
    const PROTO = 'Must not be a key';
    for (const [body, path] of [
      ['{"__proto__": 1}', []],
      ['{"status": {"__proto__": {}}}', ['status']],
      ['{"status": [1, {"\\u005f_proto__": {}}]}', ['status', '1']],
      [
        '{"job_parameters": {"docker_image": "a", "environment_variables": {"__proto__": "x"}}}',
        ['job_parameters', 'environment_variables'],
      ],
      ['{"job_parameters": {"docker_image": "a", "labels": {"__proto__": "x"}}}', ['job_parameters', 'labels']],
    ] as const) {
      const leaf = JSON.parse(`{"__proto__": "${PROTO}"}`) as object;
      const faults = path.reduceRight<object>((inner, field) => ({ [field]: inner }), leaf);
      assert.deepEqual(await faultsOf(JSON.parse(body)), faults);
    }
  });

  test('is told a hundred of its faults, and that there are more', async () => {
    const names = Array.from({ length: 300 }, (_, at) => [`=${at}`, ''] as const);
    const body = job({ environment_variables: Object.fromEntries(names) });
    const error = await parseJobAndInput(body, RULES).catch((error: unknown) => error);
    assert.ok(isApiError(error));
    assert.equal(error.message, 'The request has more than 100 faults: the first 100 are shown.');
    const { job_parameters } = error.data as { job_parameters: { environment_variables: object } };
    assert.equal(Object.keys(job_parameters.environment_variables).length, 100);
  });
});

describe('environment variables', () => {
  test('arrive as they are, with any printable name and any text', async () => {
    const environment_variables = { 'a b.c-$(d)': ' "quoted" \n\t€ ', _: '', constructor: 'a', prototype: 'b' };
    assert.deepEqual(
      (await parseJobAndInput(job({ environment_variables }), RULES)).parameters.environment_variables,
      environment_variables,
    );
  });

  for (const [what, value] of Object.entries({ 'a NUL': 'a\0b', 'half a character': '\ud800' })) {
    test(`are refused with ${what}, which no process can be handed`, async () => {
      assert.deepEqual(Object.keys((await faultsOf(job({ environment_variables: { A: value } }))) as object), [
        'job_parameters',
      ]);
    });
  }

  test('may be 128 KiB in all, and no more', async () => {
    const value = 'x'.repeat(128 * 1024 - 'A'.length - 2);
    assert.equal(await faultsOf(job({ environment_variables: { A: value } })), undefined);
    assert.deepEqual(await faultsOf(job({ environment_variables: { A: `${value}x` } })), {
      job_parameters: { environment_variables: 'Must be at most 131072 bytes in all' },
    });
  });
});

describe('a valid request', () => {
  test('may leave out, or send as null or blank, all but the image', async () => {
    const nothing = { command: null, environment_variables: null, resources: null, input_zip: '' };
    assert.deepEqual(await parseJobAndInput(job(nothing, { name: ' ', status: 'created' }), RULES), {
      parameters: { docker_image: 'alpine' },
    });
  });

  test('keeps command, arguments and resources', async () => {
    const parameters = {
      docker_image: 'alpine',
      command: ['sh', '-c'],
      args: ['echo "$X"'],
      resources: { limits: { cpu: '500m', 'nvidia.com/gpu': '1' }, requests: { cpu: '0.5' } },
    };
    assert.deepEqual(await parseJobAndInput({ name: 'my-job', job_parameters: parameters }, RULES), {
      name: 'my-job',
      parameters,
    });
  });

  test('may name devices, which come one by one', async () => {
    assert.deepEqual(await faultsOf(job({ resources: { limits: { 'nvidia.com/gpu': '500m' } } })), {
      job_parameters: { resources: { limits: { 'nvidia.com/gpu': 'Must be a whole number' } } },
    });
  });

  test('may write a quantity as a number', async () => {
    const { parameters } = await parseJobAndInput(job({ resources: { limits: { cpu: 2 } } }), RULES);
    assert.deepEqual(parameters.resources, { limits: { cpu: '2' } });
  });
});
