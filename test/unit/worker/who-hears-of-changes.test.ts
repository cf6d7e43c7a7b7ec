import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startWorkerServer, WORKER_TOKEN } from '../../support/worker-server.ts';

const CREDENTIALS: Readonly<Record<string, string | undefined>> = {
  none: undefined,
  'an empty one': 'Bearer ',
  'another token': `Bearer ${WORKER_TOKEN}x`,
  'another scheme': `Basic ${WORKER_TOKEN}`,
  'the token alone': WORKER_TOKEN,
};

describe('changes are refused to a caller with', () => {
  for (const [what, authorization] of Object.entries(CREDENTIALS)) {
    test(what, async (context) => {
      const { url } = await startWorkerServer(context);
      const headers = authorization === undefined ? undefined : { authorization };
      const response = await fetch(`${url}/changes`, {
        ...(headers && { headers }),
        signal: AbortSignal.timeout(2_000),
      });
      assert.deepEqual([response.status, response.headers.get('www-authenticate')], [401, 'Bearer']);
      assert.equal(await response.text(), '');
    });
  }
});

test('there are no changes to hear of at a worker without a token', async (context) => {
  const { url } = await startWorkerServer(context, { token: undefined });
  for (const authorization of ['Bearer undefined', 'Bearer ', `Bearer ${WORKER_TOKEN}`]) {
    const response = await fetch(`${url}/changes`, { headers: { authorization }, signal: AbortSignal.timeout(2_000) });
    assert.equal(response.status, 404, authorization);
  }
});

test('probes and metrics ask for no token', async (context) => {
  const { url } = await startWorkerServer(context);
  for (const path of ['/livez', '/readyz', '/metrics']) assert.equal((await fetch(url + path)).status, 200, path);
});
