import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { outputObjectOf, spoolObjectOf } from '../../../bucket/objects.ts';
import { createStore } from '../../../store/store.ts';
import { required } from '../../support/environment.ts';
import { aSucceededJob } from '../../support/job-builder.ts';
import { peakMibOf, TELL_PEAK } from '../../support/peak-memory.ts';
import type { Closing } from '../../support/scope.ts';
import { runDownload, runUpload } from '../../support/transfer-run.ts';
import type { TransferRun } from '../../support/transfer-run.ts';
import { curl } from '../curl.ts';
import { openLargeWorld } from '../large-world.ts';
import type { LargeWorld } from '../large-world.ts';
import type { Measure } from '../measure.ts';
import { watchPeak } from '../peak.ts';
import { terminateAll } from '../terminate-all.ts';
import { timed } from '../world.ts';

/** How fast so many mebibytes go in and out, against `curl` alone to and from the same server, and what memory that takes. */
export async function largeFiles(scope: Closing, mebibytes: number): Promise<Measure[]> {
  const world = await openLargeWorld(scope, mebibytes);
  const namespace = required('TEMPORAL_NAMESPACE');
  scope.after(() => terminateAll(namespace));
  return [...(await throughApi(world)), ...throughTransfer(world)];
}

async function throughApi(world: LargeWorld): Promise<Measure[]> {
  const api = watchPeak(world.apiPid);
  const output = await mirrorOutput(world);
  const sendIn = async () => {
    const sent: string[] = [];
    const rate = await rateOf(world, () => api.during(async () => void sent.push(await post(world.zip))));
    for (const id of sent) await world.bucket.remove(spoolObjectOf(id));
    return rate;
  };
  const get = (url: string) => curl('--output', '/dev/null', url);
  return [
    { name: 'a gigabyte sent in', unit: 'MiB/s', ours: sendIn, peer: { what: 'curl', run: () => putBare(world) } },
    {
      name: 'a gigabyte got out',
      unit: 'MiB/s',
      ours: () => rateOf(world, () => api.during(() => get(`${required('API_URL')}/batch/${output}/output`))),
      peer: { what: 'curl', run: () => rateOf(world, () => get(world.urlOf(world.stored.object))) },
    },
    { name: 'memory of the API meanwhile', unit: 'MiB', runs: 1, ours: () => Promise.resolve(api.mebibytes()) },
  ];
}

function throughTransfer(world: LargeWorld): Measure[] {
  const { options, folder, bucket, stored } = world;
  const unpacked = join(folder, 'unpacked');
  let peakMib = 0;
  const note = (run: TransferRun) => {
    if (!run.report?.ok) throw new Error(`the transfer failed: ${run.output}`);
    peakMib = Math.max(peakMib, peakMibOf(run));
  };
  const call = { options, folder: unpacked, nodeOptions: TELL_PEAK };
  const upload = async () => {
    const object = `${randomUUID()}.zip`;
    const rate = await rateOf(world, async () => note(await runUpload(call, object)));
    await bucket.remove(object);
    return rate;
  };
  const copy = join(folder, 'copy.zip');
  return [
    {
      name: 'a gigabyte into a pod, unpacked',
      unit: 'MiB/s',
      ours: () => rateOf(world, async () => note(await runDownload(call, stored))),
      peer: { what: 'curl', run: () => rateOf(world, () => curl('--output', copy, world.urlOf(stored.object))) },
    },
    {
      name: 'a gigabyte out of a pod, packed',
      unit: 'MiB/s',
      ours: upload,
      peer: { what: 'curl', run: () => putBare(world) },
    },
    { name: 'memory of the transfer meanwhile', unit: 'MiB', runs: 1, ours: () => Promise.resolve(peakMib) },
  ];
}

/** Of a job that has ended, whose output is what stands in the bucket. @returns its id */
async function mirrorOutput({ stored }: LargeWorld): Promise<string> {
  const store = await createStore({ uri: required('MONGODB_URI'), database: required('MONGODB_DATABASE') });
  const name = stored.object.replace(outputObjectOf(''), '');
  const job = aSucceededJob({ name, output: { ...stored, files: 1, complete: true } });
  await store.record(job).finally(() => store.close());
  return job.id;
}

/** @returns the id of the job */
async function post(zip: string): Promise<string> {
  const job = JSON.stringify({ job_parameters: { docker_image: 'task' } });
  const form = ['--form-string', `job=${job}`, '--form', `input=@${zip};type=application/zip`];
  const answer = await curl('--header', 'prefer: respond-async', ...form, `${required('API_URL')}/batch/`);
  return (JSON.parse(answer) as { data: { id: string } }).data.id;
}

async function putBare(world: LargeWorld): Promise<number> {
  const object = `${randomUUID()}.zip`;
  const rate = await rateOf(world, () => world.put(world.zip, object));
  await world.bucket.remove(object);
  return rate;
}

/** @returns mebibytes in a second */
async function rateOf({ mebibytes }: LargeWorld, deed: () => Promise<unknown>): Promise<number> {
  return mebibytes / ((await timed(deed)) / 1000);
}
