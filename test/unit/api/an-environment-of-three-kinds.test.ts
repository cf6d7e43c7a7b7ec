import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { environmentSchema } from '../../../api/schemas/environment.ts';

const KINDS = 'Must be a string, {"secret": "name/key"} or {"value": "…", "sensitive": true}';

function faultsOf(environment: unknown): Record<string, string> {
  const { error } = environmentSchema.safeParse(environment);
  return Object.fromEntries((error?.issues ?? []).map(({ path, message }) => [path.join('.'), message]));
}

describe('the environment of a job', () => {
  test('keeps what is sensitive apart from what everybody may read', () => {
    const environment = {
      LANGUAGE: 'en',
      TOKEN: { value: 'canary', sensitive: true },
      OPEN: { value: 'seen', sensitive: false },
      PASSWORD: { secret: 'database/pass.word' },
    };
    assert.deepEqual(environmentSchema.parse(environment), {
      plain: { LANGUAGE: 'en', OPEN: 'seen', PASSWORD: { secret: 'database/pass.word' } },
      sensitive: { TOKEN: 'canary' },
    });
  });

  test('holds nothing but the three kinds of values', () => {
    const environment = {
      BOTH: { secret: 'a/b', value: 'canary', sensitive: true },
      LACKING: { value: 'canary' },
      OTHER: { secret: 'a/b', optional: true },
      PATH: { secret: 'a/b/c' },
      CASE: { secret: 'A/b' },
      SHORT: { secret: 'a' },
      ODD: { value: 7, sensitive: true },
    };
    assert.deepEqual(faultsOf(environment), Object.fromEntries(Object.keys(environment).map((name) => [name, KINDS])));
  });

  test('no fault repeats a value', () => {
    const environment = { A: { value: 'canary\0', sensitive: true }, 'B=': { value: 'canary', sensitive: true } };
    const faults = faultsOf(environment);
    assert.deepEqual(faults, {
      A: 'Must not contain a NUL character',
      'B=': "A name must be printable ASCII without '='",
    });
  });

  test('counts sensitive values to its size', () => {
    const half = 'x'.repeat(64 * 1024);
    assert.deepEqual(faultsOf({ A: half, B: { value: half, sensitive: true } }), {
      '': 'Must be at most 131072 bytes in all',
    });
  });
});
