import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { formatCursor, parseCursor } from '../../../api/cursor.ts';

const SEED = { seed: 20_260_101 };
const places = fc.record({ created: fc.nat({ max: 8_640_000_000_000_000 }), id: fc.uuid() }, { noNullPrototype: true });
const PLACE = { created: 1_527_121_792_553, id: '3f0e2a5c-0f3e-4f6e-9d55-8a8a8f0a2b11' };

describe('a cursor', () => {
  test('leads back to the place it was made of, and needs no escaping in a URL', () => {
    fc.assert(
      fc.property(places, (place) => {
        const cursor = formatCursor(place);
        assert.deepEqual(parseCursor(cursor), place);
        assert.equal(encodeURIComponent(cursor), cursor);
      }),
      SEED,
    );
  });

  test('is refused when we did not make it', () => {
    const texts = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.base64String(), fc.uuid());
    fc.assert(
      fc.property(texts, (text) => {
        assert.equal(parseCursor(text), undefined);
        assert.equal(parseCursor(Buffer.from(text).toString('base64url')), undefined);
      }),
      SEED,
    );
  });

  test('is refused when a character of it is missing, added or another one', () => {
    const changes = fc.tuple(places, fc.nat({ max: 200 }), fc.constantFrom('', 'A', 'z', '-', '=', ' ', 'AA'));
    fc.assert(
      fc.property(changes, ([place, position, character]) => {
        const cursor = formatCursor(place);
        const at = position % cursor.length;
        const changed = cursor.slice(0, at) + character + cursor.slice(at + 1);
        assert.deepEqual(parseCursor(changed), changed === cursor ? place : undefined);
      }),
      SEED,
    );
  });

  for (const text of ['NaN  0', '-1 x 0', `01 ${PLACE.id} 1`, `${PLACE.created} ${PLACE.id}`]) {
    test(`is not made of ${JSON.stringify(text)}`, () => {
      assert.equal(parseCursor(Buffer.from(text).toString('base64url')), undefined);
    });
  }
});
