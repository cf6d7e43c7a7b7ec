import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serverOf } from '../../../cli/settings/server.ts';

const CONFIG = {
  current: 'lab',
  contexts: { lab: { server: 'https://lab.example', api_key: 'of-lab' }, home: { server: 'https://home.example' } },
};

test('without anything it is the API on this machine', () => {
  assert.deepEqual(serverOf({}, {}, { contexts: {} }), { url: 'http://127.0.0.1:4898' });
});

test('the context in use is called with its own key', () => {
  assert.deepEqual(serverOf({}, {}, CONFIG), { url: 'https://lab.example', credential: 'of-lab' });
});

test('an option goes over the environment, and that over the context in use', () => {
  const env = { KTR_SERVER: 'https://of.environment' };
  assert.equal(serverOf({ server: 'https://of.option/' }, env, CONFIG).url, 'https://of.option');
  assert.equal(serverOf({ context: 'home' }, env, CONFIG).url, 'https://home.example');
  assert.equal(serverOf({}, env, CONFIG).url, 'https://of.environment');
  assert.equal(serverOf({}, { KTR_CONTEXT: 'home' }, CONFIG).url, 'https://home.example');
});

test('the key of a context goes to no other service', () => {
  assert.deepEqual(serverOf({ server: 'https://other.example' }, {}, CONFIG), { url: 'https://other.example' });
});

test('a key of the environment goes wherever the call goes', () => {
  const env = { KTR_API_KEY: 'mine' };
  assert.equal(serverOf({ context: 'lab' }, env, CONFIG).credential, 'mine');
  assert.equal(serverOf({ server: 'https://other.example' }, env, CONFIG).credential, 'mine');
});

test('a context that is not there is refused', () => {
  assert.throws(() => serverOf({ context: 'toString' }, {}, CONFIG), {
    name: 'UsageError',
    message: /no context toString/,
  });
});

for (const url of ['localhost:4898', 'ftp://host', '']) {
  test(`${JSON.stringify(url)} is no address of a service`, () => {
    assert.throws(() => serverOf({ server: url }, {}, CONFIG), { name: 'UsageError' });
  });
}
