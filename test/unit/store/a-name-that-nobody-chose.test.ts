import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { jobNameOf } from '../../../api/auth/names.ts';
import { deriveName, MAX_NAME_LENGTH } from '../../../api/schemas/name.ts';
import { isDerived, mayBeDerived } from '../../../store/names.ts';

test('a name that the API derives is known as such, with an owner and without', () => {
  const owner = fc.option(fc.string(), { nil: undefined });
  const created = fc.integer({ min: 1_527_121_792_553, max: 9_999_999_999_999 });
  const maxLength = fc.integer({ min: 20, max: MAX_NAME_LENGTH });
  fc.assert(
    fc.property(fc.string(), created, owner, maxLength, (image, at, whose, length) => {
      const name = jobNameOf(whose, deriveName(image, at, length));
      assert.ok(isDerived({ name, created: at }) && mayBeDerived(name), name);
    }),
    { seed: 20_261_201 },
  );
});

test('a name that a client chose is not, though it may look like one', () => {
  const created = 1_527_121_792_553;
  for (const name of ['words', 'words-1', 'words-1527121792553-x', 'words.u3kd8fa2', '1527121792553']) {
    assert.deepEqual([isDerived({ name, created }), mayBeDerived(name)], [false, false], name);
  }
  for (const name of ['words-1527121792552', 'words-1527121792552.u3kd8fa2']) {
    assert.deepEqual([isDerived({ name, created }), mayBeDerived(name)], [false, true], name);
  }
});
