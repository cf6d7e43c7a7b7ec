import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { isApiError } from '../../../api/errors.ts';
import { inputIn } from '../../../api/schemas/input.ts';
import { parseJobAndInput } from '../../../api/schemas/job.ts';
import { parseGetQuery, parseListQuery, parseLogsQuery } from '../../../api/schemas/query.ts';
import type { Query } from '../../../api/schemas/query-parts.ts';
import { at, faultsAt } from '../../support/openapi.ts';
import type { JsonObject } from '../../support/openapi.ts';

const EMPTY_ZIP = 'UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==';

/** Texts that are near enough to what is accepted to be so now and then. */
const nearly = (pattern: RegExp) => fc.oneof(fc.stringMatching(pattern), fc.string({ maxLength: 8 }));

const blank = fc.constantFrom('', ' ', '\t', '\n ', '\u00a0', '\u2028');
const names = fc
  .tuple(blank, nearly(/^[a-z0-9-]{0,52}$/), fc.constantFrom('', '-cleanup'), blank)
  .map((parts) => parts.join(''));
const images = fc.oneof(
  nearly(/^[a-z0-9._/:@-]{0,20}$/),
  fc.stringMatching(
    /^([a-zA-Z0-9.-]{1,9}(:[0-9]{1,4})?\/)?[a-z0-9._/-]{1,9}(:[\w.-]{0,9})?(@sha256:[0-9a-f]{31,33})?$/,
  ),
  fc.integer({ min: 250, max: 260 }).map((length) => `${'a'.repeat(length)}:b`),
  fc.integer({ min: 120, max: 135 }).map((length) => `a:${'b'.repeat(length)}`),
);
const quantities = fc.oneof(
  nearly(/^[+-]?[0-9]{0,3}\.?[0-9]{0,3}(Ki|Mi|k|m|n|e[+-]?[0-9]{1,3})?$/),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.constantFrom(null, true),
);
const resourceNames = nearly(/^(cpu|memory|hugepages-2Mi|nvidia\.com\/gpu|[a-zA-Z0-9._/-]{1,9})$/);
const labelKeys = fc.oneof(
  nearly(/^([a-z.-]{0,3}\/)?[a-zA-Z0-9._-]{1,3}$/),
  fc.constantFrom(
    'job-name',
    'app.kubernetes.io/managed-by',
    'x.k8s.io/a',
    'xk8s.io/a',
    `${'a.'.repeat(126)}a/b`,
    `${'a.'.repeat(127)}a/b`,
  ),
);
const texts = fc.oneof(fc.string(), fc.constantFrom('\0', 1, null));

/** Whether the document, and whether the API itself, accepts a body. */
async function verdicts(body: unknown): Promise<[boolean, boolean]> {
  const byDocument = faultsAt(['components', 'schemas', 'JobRequest'], body).length === 0;
  // The document does not list the buckets that a service accepts, so the one in the body is accepted.
  const bucketName = inputIn(body).inputUrl?.bucketName;
  const rules = { inputBuckets: bucketName === undefined ? [] : [bucketName], isPart: false };
  return [byDocument, await succeeds(() => parseJobAndInput(body, rules))];
}

async function succeeds(parse: () => unknown): Promise<boolean> {
  try {
    await parse();
    return true;
  } catch (error) {
    if (isApiError(error)) return false;
    throw error;
  }
}

const withParameters = (more: object) => ({ job_parameters: { docker_image: 'python', ...more } });

const BODIES: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  'a name': names.map((name) => ({ name, ...withParameters({}) })),
  'an image': images.map((docker_image) => withParameters({ docker_image })),
  'a command': fc.array(texts, { maxLength: 3 }).map((command) => withParameters({ command })),
  'an environment': fc
    .dictionary(nearly(/^[A-Z=_]{1,3}$/), texts, { maxKeys: 2, noNullPrototype: true })
    .map((environment_variables) => withParameters({ environment_variables })),
  limits: fc
    .dictionary(resourceNames, quantities, { maxKeys: 2, noNullPrototype: true })
    .map((limits) => withParameters({ resources: { limits } })),
  labels: fc
    .dictionary(labelKeys, nearly(/^[a-z._-]{0,3}$/), { maxKeys: 2, noNullPrototype: true })
    .map((labels) => withParameters({ labels })),
  'a node selector': fc
    .dictionary(labelKeys, nearly(/^[a-z._-]{0,3}$/), { maxKeys: 2, noNullPrototype: true })
    .map((node_selector) => withParameters({ node_selector })),
  'a toleration': fc
    .record(
      {
        key: labelKeys,
        operator: fc.constantFrom('Exists', 'Equal'),
        value: fc.constantFrom('', 'a', '-'),
        effect: fc.constantFrom('NoSchedule', 'NoExecute', 'Never'),
        tolerationSeconds: fc.constantFrom(0, 1, -1, 1.5, 315_360_001),
      },
      { requiredKeys: [], noNullPrototype: true },
    )
    .map((toleration) => withParameters({ tolerations: [toleration] })),
  'a timeout': fc
    .oneof(fc.integer(), fc.double())
    .filter(isJson)
    .map((timeout_seconds) => withParameters({ timeout_seconds })),
  'the name of a class': fc
    .oneof(
      nearly(/^[a-z0-9.-]{0,6}$/),
      fc.integer({ min: 62, max: 64 }).map((length) => 'a'.repeat(length)),
      fc.constantFrom('system-', 'system-a', 'systems'),
    )
    .map((name) => withParameters({ priority_class: name, storage: { class: name }, queue: name })),
  'an input': fc
    .array(fc.constantFrom('', ' ', '\n', '='), { minLength: 2, maxLength: 2 })
    .map(([before, after]) => withParameters({ input_zip: `${before}${EMPTY_ZIP}${after}` })),
  'a named input': fc
    .tuple(
      fc.constantFrom('', 'gs://', 'gs:/'),
      nearly(/^[a-zA-Z.-]{0,4}$/),
      fc.constantFrom('', '/', '/.', '/..', '/a', '/a\n', '/../a'),
    )
    .map((parts) => withParameters({ input_url: parts.join('') })),
  'fields that are null, unknown or absent': fc
    .record(
      {
        name: fc.constant(null),
        status: fc.anything(),
        job_parameters: fc.constantFrom(null, {}, { docker_image: 'a' }),
        x: fc.nat(),
      },
      { requiredKeys: [], noNullPrototype: true },
    )
    .filter((body) => isJson(body)),
};

/** What JSON can say comes back as it was. */
function isJson(value: unknown): boolean {
  try {
    assert.deepEqual(JSON.parse(JSON.stringify(value)), value);
    return true;
  } catch {
    return false;
  }
}

describe('the document accepts what the API accepts, and nothing else, of', () => {
  for (const [what, bodies] of Object.entries(BODIES)) {
    test(what, async () => {
      const seen = new Set<boolean>();
      const property = fc.asyncProperty(bodies, async (body) => {
        const [byDocument, byApi] = await verdicts(body);
        seen.add(byApi);
        assert.equal(byDocument, byApi);
      });
      await fc.assert(property, { seed: 1, numRuns: 2_000 });
      assert.deepEqual([...seen].sort(), [false, true], 'both kinds were tried');
    });
  }
});

const whole = fc.oneof(fc.integer({ min: -2, max: 100_001 }), fc.constantFrom(59, 60, 61, 999, 1000, 1001, 8.64e15));
const asText = (values: fc.Arbitrary<unknown>) => values.map(String);
const statuses = fc
  .array(
    fc.tuple(blank, fc.constantFrom('running', 'all', 'killed', '', 'done'), blank).map((parts) => parts.join('')),
    {
      minLength: 1,
      maxLength: 3,
    },
  )
  .map((parts) => parts.join(','));

type QueryCase = readonly [call: string, name: string, values: fc.Arbitrary<string>, parse: (query: Query) => unknown];

const QUERIES: readonly QueryCase[] = [
  ['/batch/', 'status', statuses, parseListQuery],
  ['/batch/', 'limit', asText(whole), parseListQuery],
  ['/batch/', 'name_prefix', nearly(/^[a-zA-Z0-9-]{0,52}$/), parseListQuery],
  ['/batch/', 'label', nearly(/^[a=]{0,4}$/), parseListQuery],
  ['/batch/', 'created_after', asText(fc.oneof(whole, fc.constant(8.64e15 + 2))), parseListQuery],
  ['/batch/{id}', 'wait', asText(whole), parseGetQuery],
  ['/batch/{id}/logs', 'container', fc.constantFrom('task', 'input', 'cleanup', 'x', ''), parseLogsQuery],
  ['/batch/{id}/logs', 'follow', fc.constantFrom('', 'true', '0', 'yes'), parseLogsQuery],
  ['/batch/{id}/logs', 'tail', asText(whole), parseLogsQuery],
];

describe('the document accepts what the API accepts, and nothing else, of the parameter', () => {
  for (const [path, name, values, parse] of QUERIES) {
    test(`${name} of ${path}`, async () => {
      const index = (at('paths', path, 'get', 'parameters') as JsonObject[]).findIndex((it) => it['name'] === name);
      const place = ['paths', path, 'get', 'parameters', String(index), 'schema'];
      const property = fc.asyncProperty(values, async (value) => {
        const byDocument = faultsAt(place, readAs(at(...place) as JsonObject, value)).length === 0;
        assert.equal(byDocument, await succeeds(() => parse({ [name]: value })));
      });
      await fc.assert(property, { seed: 1, numRuns: 1_000 });
    });
  }
});

/** A parameter's text as its schema's type. */
function readAs({ type }: JsonObject, text: string): unknown {
  if (type === 'array') return [text];
  return type === 'integer' && /^-?\d+$/.test(text) ? Number(text) : text;
}
