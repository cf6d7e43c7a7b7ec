import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importArchive } from '../../../deploy/local/cluster.ts';
import { clusterPaths } from '../../../deploy/local/cluster-files.ts';
import { runToFile } from '../../../deploy/local/command.ts';
import { logFileOf } from '../../../deploy/local/processes.ts';
import type { Profile } from '../../../deploy/local/profile.ts';
import { createProgress } from '../../../deploy/local/progress.ts';
import { becomesTrue } from '../../../deploy/local/ready.ts';
import { textOf } from '../compose.ts';
import type { ComposeFile } from '../compose.ts';
import { freePort } from '../free-port.ts';
import { createProxy } from '../proxy.ts';
import type { Closing } from '../scope.ts';
import { renderComposeFile } from './composed.ts';
import { REPOSITORY } from './engine.ts';
import type { Engine } from './engine.ts';
import { buildImage } from './images.ts';
import { forward, routePods } from './pods-and-containers.ts';
import { makeStandIns } from './stand-ins.ts';

const PROJECT = 'composed';
const HEALTHY_MS = 120_000;

/** Name of the transfer image that the stack's cluster gets of Compose, beside its own. */
const TRANSFER_IMAGE = 'kubernetes-task-runner/transfer:composed';

/** What docker-compose.yml has started. */
export interface ComposeStack {
  readonly apiUrl: string;
  /** Id of a service's container. */
  container(service: string): Promise<string>;
  /** Waits until Docker says so. */
  untilHealthy(service: string): Promise<void>;
}

/** Starts all of docker-compose.yml, as far as this machine can, until the test ends; its jobs run on the stack's cluster. */
export async function startComposeStack(context: Closing, engine: Engine): Promise<ComposeStack> {
  const { profile } = engine;
  // A network of its own for each place of a stack.
  const network = `172.30.${50 + Number(profile.bridge.address.split('.')[2])}`;
  await routePods(context, profile, `${network}.0/24`);
  const folder = await mkdtemp(join(tmpdir(), 'compose-'));
  context.after(() => rm(folder, { recursive: true }));
  const differences = {
    network,
    bridge: bridgeOf(profile),
    images: await makeStandIns(engine),
    transferImage: TRANSFER_IMAGE,
    cluster: { folder, url: await clusterUrl(context, engine) },
  };
  const rendered = renderComposeFile(textOf('docker-compose.yml'), differences);
  await writeFile(join(folder, 'docker-compose.json'), rendered);
  await buildAll(engine, rendered);
  await writeKubeconfig(engine, join(folder, 'kubeconfig'));
  const apiPort = await freePort();
  const sample = textOf('.env.sample').replace(/^API_PORT=.*$/m, `API_PORT=${apiPort}`);
  await writeFile(join(folder, 'env'), sample);
  await up(context, engine, folder);
  await forward(context, [profile.bridge.name, bridgeOf(profile)]);
  return stackOf(engine, `http://127.0.0.1:${apiPort}`);
}

/** Builds what the file builds as it says, but by Docker's own command line, whose pieces the other tests build on. */
async function buildAll(engine: Engine, rendered: string): Promise<void> {
  const { services } = JSON.parse(rendered) as { services: ComposeFile['services'] };
  const built = new Map(Object.values(services).map(({ image, build }) => [image, build] as const));
  for (const [name, build] of built)
    if (build) await buildImage(engine, build.target, 'legacy', { name, args: build.args ?? {} });
}

/** Name of the interface that the containers hang on. */
function bridgeOf({ bridge }: Profile): string {
  return bridge.name.replace('ktr-', 'ktd-');
}

/** The API server listens on loopback alone, where no container is. */
async function clusterUrl(context: Closing, { profile }: Engine): Promise<string> {
  const { address } = profile.bridge;
  const { port } = await createProxy(context, profile.ports.apiserver, '127.0.0.1', address);
  return `https://${address}:${port}`;
}

/** The kubeconfig of the stack, with the address that k3s writes into its own. */
async function writeKubeconfig({ profile }: Engine, file: string): Promise<void> {
  const text = await readFile(clusterPaths(profile).kubeconfig, 'utf8');
  await writeFile(file, text.replaceAll(`127.0.0.1:${profile.ports.apiserver}`, '127.0.0.1:6443'));
}

async function up(context: Closing, engine: Engine, folder: string): Promise<void> {
  const files = ['--file', join(folder, 'docker-compose.json'), '--env-file', join(folder, 'env')];
  const global = [...files, '--project-name', PROJECT, '--project-directory', REPOSITORY];
  // What the stack of the tests is told by variables is not for Compose, which takes them before those of the file.
  const variables = Object.entries({ PATH: process.env['PATH'], HOME: folder, ...engine.env });
  const command = ['-i', ...variables.map(([name, value]) => `${name}=${value}`), 'docker-compose', ...global];
  const compose = (...args: string[]) =>
    runToFile('env', [...command, ...args], logFileOf(engine.profile, `compose-${args[0]}`));
  context.after(() => compose('down', '--volumes', '--timeout', '10'));
  const start = () => compose('up', '--detach', '--no-build');
  await createProgress()
    .step('start docker-compose.yml', start)
    .finally(() => compose('logs', '--no-color'));
  await importTransferImage(engine, folder);
}

/** Does with the archive what k3s does when it starts. */
async function importTransferImage(engine: Engine, folder: string): Promise<void> {
  const archive = join(folder, 'transfer.tar');
  const id = await containerOf(engine, 'k3s');
  await engine.docker(['cp', `${id}:/var/lib/rancher/k3s/agent/images/transfer.tar`, archive]);
  await importArchive(engine.profile, archive);
}

function stackOf(engine: Engine, apiUrl: string): ComposeStack {
  const container = (service: string) => containerOf(engine, service);
  const status = async (service: string) =>
    (await engine.docker(['inspect', '--format', '{{.State.Health.Status}}', await container(service)])).trim();
  return {
    apiUrl,
    container,
    async untilHealthy(service) {
      if (await becomesTrue(async () => (await status(service)) === 'healthy', HEALTHY_MS)) return;
      const logs = await engine.docker(['logs', '--tail', '20', await container(service)]);
      throw new Error(`${service} is ${await status(service)}; its log ends with:\n${logs.slice(-2_000)}`);
    },
  };
}

async function containerOf({ docker }: Engine, service: string): Promise<string> {
  const labels = [`project=${PROJECT}`, `service=${service}`].map((label) => `label=com.docker.compose.${label}`);
  return (await docker(['ps', '--all', '--quiet', ...labels.flatMap((label) => ['--filter', label])])).trim();
}
