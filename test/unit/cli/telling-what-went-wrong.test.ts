import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sentencesOf } from '../../../cli/errors.ts';
import { ApiRefusal, ServiceUnreachable } from '../../../client/errors.ts';

const SERVER = 'http://127.0.0.1:4898';

function refusal(status: number, data: unknown = ''): ApiRefusal {
  return new ApiRefusal('It was refused.', { status, error: 'Some', data });
}

test('a service that does not answer is named, with the ways to name another', () => {
  const [first, second] = sentencesOf(
    new ServiceUnreachable('no answer from http://127.0.0.1:4898: ECONNREFUSED'),
    SERVER,
  );
  assert.equal(first, 'no answer from http://127.0.0.1:4898: ECONNREFUSED');
  assert.match(second ?? '', /--server or KTR_SERVER/);
});

test('faults are told field by field', () => {
  const faults = { job_parameters: { docker_image: 'Missing', resources: { limits: { cpu: 'Not a quantity' } } } };
  assert.deepEqual(sentencesOf(refusal(400, faults), SERVER), [
    'It was refused.',
    '  job_parameters.docker_image: Missing',
    '  job_parameters.resources.limits.cpu: Not a quantity',
  ]);
});

for (const [status, advice] of [
  [401, /ktr login/],
  [403, /have the right/],
  [404, /ktr ls/],
] as const) {
  test(`a refusal by ${status} says what to do`, () => {
    assert.match(sentencesOf(refusal(status), SERVER).join('\n'), advice);
  });
}
