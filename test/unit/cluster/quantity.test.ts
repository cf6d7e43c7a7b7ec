import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { multiplied, parseQuantity } from '../../../cluster/quantity.ts';

const ONE = 1_000_000_000n;

describe('a quantity', () => {
  const known: Record<string, bigint> = {
    '1': ONE,
    '+1': ONE,
    '0': 0n,
    '.5': ONE / 2n,
    '1.': ONE,
    '1500m': (ONE * 3n) / 2n,
    '1n': 1n,
    '0.1n': 1n,
    '1k': 1000n * ONE,
    '1Ki': 1024n * ONE,
    '1.5Gi': 3n * 2n ** 29n * ONE,
    '1e3': 1000n * ONE,
    '1E-3': ONE / 1000n,
    '1E': 10n ** 18n * ONE,
  };
  for (const [text, value] of Object.entries(known)) {
    test(`may be ${text}`, () => {
      assert.equal(parseQuantity(text), value);
    });
  }

  for (const text of ['', '.', '-1', '1 Gi', '1gi', 'Gi', '1K', '1e', '1e999', '0x1', '1,5', '1GiB', 'NaN', '1\n']) {
    test(`may not be ${JSON.stringify(text)}`, () => {
      assert.equal(parseQuantity(text), undefined);
    });
  }

  test('is worth the same in every unit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), (units) => {
        assert.equal(parseQuantity(String(units)), parseQuantity(`${units * 1000}m`));
        assert.equal(parseQuantity(`${units}Mi`), parseQuantity(`${units * 1024}Ki`));
        assert.equal(parseQuantity((units / 1000).toFixed(3)), parseQuantity(`${units}m`));
      }),
      { seed: 20_260_103 },
    );
  });

  test('of memory grows by a factor, to whole bytes', () => {
    assert.equal(multiplied('128Mi', 2), String(256 * 1024 ** 2));
    assert.equal(multiplied('1Gi', 1.5), String(1.5 * 1024 ** 3));
    assert.equal(multiplied('3', 1.1), '4');
  });
});
