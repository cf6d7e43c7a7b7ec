import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import Koa from 'koa';
import type { Context } from 'koa';
import { endWithCredential } from '../../../api/auth/outliving.ts';
import { identify } from '../../../api/auth/principal.ts';
import type { Principal } from '../../../api/auth/principal.ts';
import { createBodyBudget } from '../../../api/body-budget.ts';
import { readBytes } from '../../../api/body.ts';
import { isApiError } from '../../../api/errors.ts';
import { readForm } from '../../../api/form.ts';
import { limitOwners } from '../../../api/limits.ts';

const ALICE: Principal = { owner: 'alice', scopes: new Set(['read']), credential: 'key' };
const HEAD =
  'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 9\r\n\r\n';

/** The context of a request whose client left while its credential was looked up; all middleware of `app` has run for it. */
async function leaveEarly(context: TestContext, app: Koa): Promise<string> {
  app.silent = true;
  const server = app.listen(0, '127.0.0.1');
  context.after(() => server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = connect(port, '127.0.0.1');
  client.write(HEAD);
  const [, response] = (await once(server, 'request')) as [IncomingMessage, ServerResponse];
  client.destroy();
  await once(response, 'close');
  return `http://127.0.0.1:${port}/`;
}

/** A look-up of a credential, which ends after the client has left; the next one is quick. */
function createSlowLookUp() {
  let calls = 0;
  const authenticate = async ({ res }: Context) => {
    calls += 1;
    if (calls === 1) await once(res, 'close');
    return ALICE;
  };
  return { authenticate, calls: () => calls };
}

test('does not count as one of the requests that its owner has', async (context) => {
  const app = new Koa();
  app.use(identify(createSlowLookUp().authenticate));
  app.use(limitOwners({ requestsPerSecond: 1_000, concurrentRequests: 1, failuresPerMinute: 1 }));
  const entered = Promise.withResolvers<void>();
  app.use((context) => {
    context.body = 'ok';
    entered.resolve();
  });
  const url = await leaveEarly(context, app);
  await entered.promise;
  await sleep(10);
  assert.equal((await fetch(url)).status, 200);
});

test('has its credential looked at no more', async (context) => {
  const { authenticate, calls } = createSlowLookUp();
  const app = new Koa();
  app.use(identify(authenticate));
  const entered = Promise.withResolvers<void>();
  app.use((context) => {
    endWithCredential({ authenticate, heartbeatMs: 5 }, context);
    entered.resolve();
  });
  await leaveEarly(context, app);
  await entered.promise;
  const before = calls();
  await sleep(50);
  assert.equal(calls(), before);
});

const LIMITS = { maxJobBytes: 100, maxInputBytes: 100 };

for (const [what, read] of [
  ['body', (request: IncomingMessage) => readBytes(request, 100)],
  [
    'form',
    (request: IncomingMessage) => readForm(request, LIMITS, () => Promise.resolve(undefined), createBodyBudget(100)()),
  ],
] as const) {
  test(`has a ${what} that nobody waits for`, async (context) => {
    const app = new Koa();
    app.use(identify(createSlowLookUp().authenticate));
    const reason = Promise.withResolvers<unknown>();
    app.use(async ({ req }) => {
      reason.resolve(await read(req).catch((error: unknown) => error));
    });
    await leaveEarly(context, app);
    const error = await Promise.race([reason.promise, sleep(2_000)]);
    assert.ok(isApiError(error) && error.status === 400, String(error));
  });
}
