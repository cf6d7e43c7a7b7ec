import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { isImageReference } from '../../../api/schemas/image.ts';
import { deriveName, nameFault } from '../../../api/schemas/name.ts';

describe('a name that nobody chose', () => {
  test('is the image and the time of creation', () => {
    assert.equal(deriveName('python', 1527121792553), 'python-1527121792553');
    assert.equal(deriveName('gcr.io:443/Team/my_tool.x:v1@sha256:aa', 1527121792553), 'my-tool-x-1527121792553');
  });

  test('is valid for every valid image', () => {
    const part = fc.stringMatching(/^[a-z0-9]+(?:(?:\.|_|__|-{1,3})[a-z0-9]+){0,5}$/);
    const tag = fc.option(fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,20}$/));
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), tag, (parts, version) => {
        const image = parts.join('/') + (version === null ? '' : `:${version}`);
        fc.pre(isImageReference(image));
        assert.equal(nameFault(deriveName(image, 1527121792553)), undefined);
      }),
      { seed: 20_260_102 },
    );
  });
});

describe('a name that a client chose', () => {
  for (const name of ['a', '0', 'a-1', 'x'.repeat(50)]) {
    test(`may be ${name}`, () => {
      assert.equal(nameFault(name), undefined);
    });
  }

  for (const name of ['', '-a', 'a-', 'A', 'a.b', 'a_b', 'a b', 'ä', 'x'.repeat(51), 'a\n', '../a', 'a-cleanup']) {
    test(`may not be ${JSON.stringify(name)}`, () => {
      assert.equal(typeof nameFault(name), 'string');
    });
  }
});
