import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { becomesTrue } from '../../deploy/local/ready.ts';
import { openGate, runGated } from '../support/gated-job.ts';
import { aName, untilEnded } from '../support/job-client.ts';
import { startOwnService } from '../support/own-service.ts';
import { startWorkerProcess } from '../support/worker-process.ts';

/** Takes traces as OTLP has them, and keeps what it got. */
async function startCollector(context: TestContext) {
  const got: { readonly path: string; readonly body: Buffer }[] = [];
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      got.push({ path: request.url ?? '', body });
      response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  context.after(() => server.close().closeAllConnections());
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, got };
}

test('the API and the worker send the trace of a job to where OpenTelemetry is told', async (context) => {
  const { endpoint, got } = await startCollector(context);
  const settings = { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_BSP_SCHEDULE_DELAY: '200' };
  await startOwnService(context, () => Promise.resolve(settings));
  await startWorkerProcess(context, settings);
  const job = await runGated(aName('traced'));
  await openGate(job);
  const { id, status } = await untilEnded(job.id);
  assert.equal(status, 'succeeded');

  const traceId = Buffer.from(id.replaceAll('-', ''), 'hex');
  const spoken = (name: string) =>
    got.some(({ path, body }) => path === '/v1/traces' && body.includes(traceId) && body.includes(name));
  const names = ['POST /batch/', 'preparing', 'running', 'deleting', 'task container'];
  assert.ok(
    await becomesTrue(() => Promise.resolve(names.every(spoken)), 20_000),
    names.filter((name) => !spoken(name)).join(),
  );
});
