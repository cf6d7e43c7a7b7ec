import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jobNameOf } from '../../api/auth/names.ts';
import { runJobOf, startHostileService } from '../support/hostile-service.ts';
import { assertWorldAfter } from '../support/world.ts';
import { entriesOf, zipOf } from '../support/zip-entries.ts';

/** Says what it finds, as `name=value`, in /output/found; a task of a tenant may run any program. */
const LOOK_AROUND = `
{
  echo "token=$(ls /var/run/secrets/kubernetes.io/serviceaccount 2>/dev/null)"
  echo "services=$(env | grep _SERVICE_HOST | grep -vc ^KUBERNETES_)"
  echo "credential=$(grep -rlsE 'private_key|X-Goog-Signature' / --exclude-dir=proc --exclude-dir=sys --exclude-dir=output | head -1)"
  echo "processes=$(ls /proc | grep -c '^[0-9]')"
  echo "mounts=$(awk '$2 ~ /^\\/(input|output)$/ { print $2 }' /proc/mounts | sort | tr '\\n' ' ')"
  echo "disks=$(ls /dev | grep -cE '^(sd|vd|nvme|loop|dm-)')"
  grep -E '^(NoNewPrivs|Seccomp|CapBnd):' /proc/self/status | tr -d ' \\t' | tr : =
} > /output/found
`;

/** Leaves what leads elsewhere, and would be read by whoever packs the output. */
const LEAVE_TRAPS = `
cd /output
ln -s /etc/shadow shadow
ln -s / root
ln -s ../input/canary beside
mkdir folder && ln -s ../../proc/self/environ folder/environ
mkfifo pipe
echo plain > plain
`;

/** Bits of capabilities(7). */
const CAP_SYS_ADMIN = 1n << 21n;
const CAP_NET_RAW = 1n << 13n;

async function foundBy(client: { output(id: string): AsyncIterable<Uint8Array> }, id: string) {
  return await entriesOf(Buffer.concat(await Array.fromAsync(client.output(id))));
}

test('a task finds no credential, no token, no node and no other container', async (context) => {
  const { mallory } = await startHostileService(context);
  const job = await runJobOf(mallory, LOOK_AROUND, await zipOf({ a: { content: 'a' } }));
  assert.equal(job.status, 'succeeded', JSON.stringify(job));
  const text = (await foundBy(mallory.client, job.id))['found']?.content ?? '';
  const {
    CapBnd = '',
    processes,
    mounts,
    ...found
  } = Object.fromEntries(
    text
      .trim()
      .split('\n')
      .map((line) => line.split('=', 2) as [string, string]),
  );
  assert.deepEqual(found, { token: '', services: '0', credential: '', disks: '0', NoNewPrivs: '1', Seccomp: '2' });
  assert.equal(mounts?.trim(), '/input /output');
  assert.ok(Number(processes) < 10, `${processes} processes`);
  assert.equal(BigInt(`0x${CapBnd}`) & (CAP_SYS_ADMIN | CAP_NET_RAW), 0n, CapBnd);
});

test('an output that leads to other files brings none of them home, and the job says so', async (context) => {
  const { mallory } = await startHostileService(context);
  const job = await runJobOf(mallory, LEAVE_TRAPS, await zipOf({ canary: { content: 'canary' } }));
  assert.equal(job.status, 'succeeded', JSON.stringify(job));
  assert.deepEqual(Object.keys(await foundBy(mallory.client, job.id)).sort(), ['folder/', 'plain']);
  await assertWorldAfter({ ...job, name: jobNameOf(mallory.owner, job.name) });
});
