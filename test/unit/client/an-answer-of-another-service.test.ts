import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sentencesOf } from '../../../cli/errors.ts';
import { createClient } from '../../../client/client.ts';

test('a success that is no JSON is told as the answer of another service, and not asked for again', async () => {
  let requests = 0;
  const fetch = () => {
    requests += 1;
    return Promise.resolve(new Response('<html>', { headers: { 'content-type': 'text/html; charset=utf-8' } }));
  };
  const url = 'http://127.0.0.1:4898';
  await assert.rejects(createClient({ url, fetch }).page(), (error: Error) => {
    assert.equal(
      error.message,
      'http://127.0.0.1:4898 is no kubernetes-task-runner: it answers with text/html; charset=utf-8, not with JSON',
    );
    assert.match(sentencesOf(error, url).join('\n'), /--server or KTR_SERVER/);
    return true;
  });
  assert.equal(requests, 1);
});
