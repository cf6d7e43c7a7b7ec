import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isImageReference } from '../../../api/schemas/image.ts';
import { isImageAllowed, parseImagePattern } from '../../../config/images.ts';
import { runs } from '../../support/properties.ts';

const SHA = `sha256:${'a'.repeat(64)}`;
const OTHER_SHA = `sha256:${'b'.repeat(64)}`;

const ALL = [
  'python',
  'python:3.12',
  'python:3.12-slim',
  'python:30',
  `python@${SHA}`,
  `python:3.12@${OTHER_SHA}`,
  'library/python:latest',
  'docker.io/library/python:latest',
  'index.docker.io/python',
  'python-evil',
  'python/evil',
  'evil/python',
  'docker.io/evil/python',
  'registry.example.com/python',
  'registry.example.com/library/python',
  'registry.example.com/team/app:1',
  'registry.example.com/team/sub/app:1',
  'registry.example.com/teams/app:1',
  'registry.example.com/other/team/app:1',
  'registry.example.com:5000/team/app:1',
  'evil.registry.example.com/team/app:1',
  'registryxexample.com/team/app:1',
  'localhost/team/app:1',
  'Registry/team/app:1',
  'team/app:1',
];

/** What each pattern allows of {@link ALL}. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  python: [
    'python',
    'python:3.12',
    'python:3.12-slim',
    'python:30',
    `python@${SHA}`,
    `python:3.12@${OTHER_SHA}`,
    'library/python:latest',
    'docker.io/library/python:latest',
    'index.docker.io/python',
  ],
  'python:latest': ['python', 'library/python:latest', 'docker.io/library/python:latest', 'index.docker.io/python'],
  'docker.io/library/python:3.*': ['python:3.12', 'python:3.12-slim'],
  'python:*-slim': ['python:3.12-slim'],
  [`python@${SHA}`]: [`python@${SHA}`],
  [`python:3.12@${OTHER_SHA}`]: [`python:3.12@${OTHER_SHA}`],
  'evil/*': ['evil/python', 'docker.io/evil/python'],
  'docker.io/*': ALL.filter((image) => !/^(evil\.)?registry|^localhost/i.test(image)),
  'registry.example.com/team/*': ['registry.example.com/team/app:1', 'registry.example.com/team/sub/app:1'],
  'registry.example.com/team/*:2*': [],
  'registry.example.com:5000/*': ['registry.example.com:5000/team/app:1'],
  'localhost/*': ['localhost/team/app:1'],
  'team/*': ['team/app:1'],
  'Registry/*': ['Registry/team/app:1'],
};

const patternOf = (text: string) => parseImagePattern(text) ?? assert.fail(`${text} is no pattern`);

for (const [text, allowed] of Object.entries(ALLOWED)) {
  test(`${text} allows what it names, in whatever way it is written, and nothing else`, () => {
    assert.deepEqual(
      ALL.filter((image) => isImageAllowed(image, [patternOf(text)])),
      allowed,
    );
  });
}

test('several patterns allow what one of them does, and none allow nothing', () => {
  const patterns = ['python:3.12', 'team/*'].map(patternOf);
  assert.deepEqual(
    ALL.filter((image) => isImageAllowed(image, patterns)),
    ['python:3.12', 'team/app:1'],
  );
  assert.equal(isImageAllowed('python', []), false);
});

test('what could be read in two ways is no pattern', () => {
  const faulty = [
    '',
    '*',
    'py*',
    'a/*/b',
    '*/python',
    '*.example.com/a',
    'python*:3',
    'https://a/b',
    'Python',
    'a:b:c',
    'a:',
    'a@',
    'a b',
    'python@sha256:*',
    'team/',
  ];
  for (const text of faulty) assert.equal(parseImagePattern(text), undefined, text);
});

test('any image allows itself alone among all others', () => {
  const part = fc.stringMatching(/^[a-c]([-.][a-c])?$/);
  const name = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
  const image = fc.tuple(name, fc.constantFrom('', ':1', ':1.1', ':1x1', `@${SHA}`)).map((parts) => parts.join(''));
  const complete = (text: string) => {
    const tagged = /[:@]/.test(text) ? text : `${text}:latest`;
    const [first = '', ...rest] = tagged.split('/');
    if (rest.length > 0 && first.includes('.')) return tagged;
    return rest.length > 0 ? `docker.io/${tagged}` : `docker.io/library/${tagged}`;
  };
  fc.assert(
    fc.property(image, image, (pattern, other) => {
      fc.pre(isImageReference(pattern) && isImageReference(other) && /[:@]/.test(pattern));
      assert.equal(isImageAllowed(other, [patternOf(pattern)]), complete(other) === complete(pattern));
    }),
    runs(2000),
  );
});
