import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { startApiProcess } from '../../support/api-process.ts';
import { becomesTrue } from '../../../deploy/local/ready.ts';

const SAYS = /^API metrics listening on (http:\S+)$/;

test('requests are measured by the pattern of their address, on a port of its own', async (context) => {
  const { url, lines } = await startApiProcess(context, { API_METRICS_PORT: '0' });
  const isSaid = () => Promise.resolve(lines.some((line) => SAYS.test(line)));
  assert.ok(await becomesTrue(isSaid, 20_000));
  const metricsUrl = lines.map((line) => SAYS.exec(line)?.[1]).find((found) => found !== undefined);
  for (const path of ['/livez', `/batch/${randomUUID()}`, `/batch/${randomUUID()}`, '/nothing'])
    await (await fetch(`${url}${path}`)).arrayBuffer();

  const text = await (await fetch(`${metricsUrl}/metrics`)).text();
  const counted = text
    .split('\n')
    .map((line) => /^kubernetes_task_runner_http_request_seconds_count\{(.*)\} (\d+)$/.exec(line)?.slice(1))
    .filter((found) => found !== undefined);
  assert.deepEqual(counted, [
    ['method="GET",route="/livez",status="200"', '1'],
    ['method="GET",route="/batch/:id",status="404"', '2'],
    ['method="GET",route="none",status="404"', '1'],
  ]);
  assert.match(text, /^process_resident_memory_bytes \d+$/m);
  assert.equal((await fetch(`${url}/metrics`)).status, 404);
  assert.equal((await fetch(`${metricsUrl}/batch/`)).status, 404);
});
