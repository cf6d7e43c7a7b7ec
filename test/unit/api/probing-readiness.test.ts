import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import Koa from 'koa';
import type { Logger } from 'pino';
import type { ApiDeps } from '../../../api/deps.ts';
import { createHealthRouter } from '../../../api/health.ts';
import { envelopeErrors } from '../../../api/middleware.ts';

/** Calls `/readyz` of an API whose servers answer as `ping` does; `asked` counts per server. */
async function startProbes(context: TestContext, ping: () => Promise<unknown>) {
  const asked = { temporal: 0, mongodb: 0, bucket: 0 };
  const ask = (server: keyof typeof asked) => () => ((asked[server] += 1), ping());
  const logger = { warn: () => undefined, error: () => undefined } as unknown as Logger;
  const deps = {
    workflows: { ping: ask('temporal') },
    store: { ping: ask('mongodb') },
    bucket: { stat: ask('bucket') },
    logger,
  } as unknown as ApiDeps;
  const app = new Koa().use(envelopeErrors(logger)).use(createHealthRouter(deps).routes());
  const server = app.listen(0, '127.0.0.1');
  context.after(() => server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { asked, probe: async () => (await fetch(`http://127.0.0.1:${port}/readyz`)).status };
}

test('MongoDB and the bucket are asked once for all who probe within a second', async (context) => {
  const { asked, probe } = await startProbes(context, () => Promise.resolve());
  assert.deepEqual(await Promise.all([probe(), probe(), probe()]), [200, 200, 200]);
  assert.equal(await probe(), 200);
  assert.deepEqual([asked.mongodb, asked.bucket], [1, 1]);
});

test('a server that was away is asked again by the next probe', async (context) => {
  let isAway = true;
  const { asked, probe } = await startProbes(context, () =>
    isAway ? Promise.reject(new Error('away')) : Promise.resolve(),
  );
  assert.equal(await probe(), 503);
  isAway = false;
  assert.equal(await probe(), 200);
  assert.deepEqual([asked.mongodb, asked.bucket], [2, 2]);
});
