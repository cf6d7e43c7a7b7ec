/**
 * One job through the service against a bare script of the same objects, in turn on the same cluster.
 * Needs a running stack: `make bench` sees to it.
 */
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { createBucket } from '../../bucket/bucket.ts';
import { sampleJob, sampleZip } from '../../deploy/local/sample-job.ts';
import { required } from '../support/environment.ts';
import { stackKubeConfig } from '../support/kube-config.ts';
import { submit } from '../support/job-client.ts';
import { podSettings } from '../support/objects.ts';
import { createBareScript } from './bare-script.ts';
import type { ScriptTimes } from './bare-script.ts';
import { untilSucceeded } from './until-succeeded.ts';

/** The service may take so much longer than the bare script. */
const RATIO_LIMIT = 1.25;

interface Figure {
  readonly service: number;
  readonly script: ScriptTimes;
}

async function main(): Promise<boolean> {
  const { values } = parseArgs({ options: { runs: { type: 'string', default: '5' } } });
  const namespace = required('KUBERNETES_NAMESPACE');
  const bucketOptions = {
    bucketName: required('GC_BUCKET_NAME'),
    apiEndpoint: required('GC_API_ENDPOINT'),
    credentialsFilePath: required('GC_CREDENTIALS_FILE_PATH'),
  };
  const script = createBareScript(
    stackKubeConfig(),
    namespace,
    createBucket(bucketOptions),
    podSettings({ transfer: { image: required('TRANSFER_IMAGE'), credentials: 'secret', ...bucketOptions } }),
    '10Gi',
  );
  const parameters = sampleJob(required('IMAGE_BUSYBOX'));
  const zip = await sampleZip();

  const service = async (name: string) => {
    const startedMs = performance.now();
    const { body } = await submit(name, parameters, zip);
    await untilSucceeded(body.data.id);
    return performance.now() - startedMs;
  };
  const figures: Figure[] = [];
  // The first pair pays for what is cold, and does not count.
  for (let run = 0; run <= Number(values.runs); run += 1) {
    const id = randomBytes(4).toString('hex');
    const pair = {
      service: await service(`bench-service-${id}`),
      script: await script.run(`bench-script-${id}`, parameters, zip),
    };
    if (run > 0) figures.push(pair);
    console.log(
      `${run === 0 ? 'warm-up' : `run ${run}`}: service ${seconds(pair.service)}, bare script ${seconds(pair.script.goneMs)} (its output after ${seconds(pair.script.outputMs)})`,
    );
  }
  return report(figures);
}

function report(figures: readonly Figure[]): boolean {
  const service = median(figures.map((figure) => figure.service));
  const script = median(figures.map(({ script }) => script.goneMs));
  const ratio = median(figures.map((figure) => figure.service / figure.script.goneMs));
  console.log(
    `service ${seconds(service)}, bare script ${seconds(script)}, ratio ${ratio.toFixed(2)} (medians of ${figures.length}; limit ${RATIO_LIMIT})`,
  );
  return ratio <= RATIO_LIMIT;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = 0, high = 0] =
    sorted.length % 2 ? [sorted[middle], sorted[middle]] : [sorted[middle - 1], sorted[middle]];
  return (low + high) / 2;
}

function seconds(durationMs: number): string {
  return `${(durationMs / 1000).toFixed(2)} s`;
}

main().then(
  (isWithinLimit) => process.exit(isWithinLimit ? 0 : 1),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
