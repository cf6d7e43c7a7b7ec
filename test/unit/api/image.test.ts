import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isImageReference } from '../../../api/schemas/image.ts';

const SHA = `sha256:${'a'.repeat(64)}`;

const VALID = [
  'python',
  'python:3.12-slim',
  'library/python',
  'gcr.io/a/b/c:1',
  'localhost:5000/x',
  'localhost/x',
  '[::1]:5000/x',
  `x@${SHA}`,
  `registry.example.com/a__b/c-d:T_1@${SHA}`,
  'Example.COM/x',
  'a--b',
];

const INVALID = [
  '',
  ' python',
  'python ',
  'python:',
  'python@',
  'Python',
  'a/B',
  'a//b',
  '/a',
  'a/',
  'a:b:c',
  'a b',
  '-a',
  'a-',
  'a___b',
  'a..b',
  'https://a/b',
  `x@sha256:${'a'.repeat(31)}`,
  `x:${'t'.repeat(129)}`,
  'a/'.repeat(130) + 'a',
  'a\n',
  'ä',
];

describe('an image reference', () => {
  for (const reference of VALID) {
    test(`may be ${reference.slice(0, 60)}`, () => {
      assert.equal(isImageReference(reference), true);
    });
  }

  for (const reference of INVALID) {
    test(`may not be ${JSON.stringify(reference.slice(0, 60))}`, () => {
      assert.equal(isImageReference(reference), false);
    });
  }

  test('is judged in no time, however it is made', () => {
    const startMs = performance.now();
    for (const hard of ['a-'.repeat(300), 'a.'.repeat(300), 'a/'.repeat(300), `${'a'.repeat(599)}!`]) {
      isImageReference(hard);
    }
    assert.ok(performance.now() - startMs < 500);
  });
});
