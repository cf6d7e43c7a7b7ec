import assert from 'node:assert/strict';
import { test } from 'node:test';
import { residentBytesOf } from '../support/api-process.ts';
import { hostileBodies } from '../support/hostile-bodies.ts';
import { runJobOf, startHostileService } from '../support/hostile-service.ts';
import type { Tenant } from '../support/hostile-service.ts';
import { zipOf } from '../support/zip-entries.ts';

const MEBIBYTE = 1024 ** 2;
/** What the deployments of the chart give an API. */
const MEMORY_BYTES = 512 * MEBIBYTE;
const LOOK_MS = 20;

/** @returns statuses; undefined where the refusal came before the body was sent */
async function attack(url: string, { headers }: Tenant): Promise<(number | undefined)[]> {
  const send = (body: string) =>
    fetch(`${url}/batch/`, { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body }).then(
      ({ status }) => status,
      () => undefined,
    );
  const all = Object.values(hostileBodies()).flatMap(({ text, times }) => Array<string>(times).fill(text));
  return await Promise.all(all.map(send));
}

test('bodies that would take the memory of the API are refused, and the job of another owner goes its way', async (context) => {
  const { url, apiPid, alice, mallory } = await startHostileService(context);
  const looks: number[] = [];
  const looking = setInterval(() => looks.push(residentBytesOf(apiPid)), LOOK_MS);
  const running = runJobOf(alice, 'cp /input/a /output', await zipOf({ a: { content: 'a' } }));
  const statuses = await attack(url, mallory).finally(() => clearInterval(looking));
  assert.ok(
    statuses.every((status) => [undefined, 400, 413, 429, 503].includes(status)),
    statuses.join(),
  );
  assert.equal((await running).status, 'succeeded');
  const peakBytes = Math.max(...looks);
  assert.ok(peakBytes < MEMORY_BYTES, `${peakBytes / MEBIBYTE} MiB`);
  assert.ok((await fetch(`${url}/livez`)).ok);
});
