import { required } from './environment.ts';
import { aName } from './job-client.ts';
import type { Closing } from './scope.ts';
import { runTool } from './tools.ts';

/** A pod in a namespace without policies. */
export interface OtherPod {
  readonly address: string;
  /** Port that it listens at. */
  readonly port: number;
  /** True when it can connect. */
  reaches(address: string, port: number): Promise<boolean>;
}

const NAMESPACE = ['--namespace', 'default'];
const PORT = 8080;
const NOT_CONNECTED = 1;

/** Starts it, until the test ends. */
export async function startOtherPod(context: Closing): Promise<OtherPod> {
  const name = aName('other');
  const options = [`--image=${required('IMAGE_BUSYBOX')}`, '--image-pull-policy=IfNotPresent'];
  await runTool('kubectl', 'run', name, ...NAMESPACE, ...options, '--', 'httpd', '-f', '-p', String(PORT));
  context.after(() => runTool('kubectl', 'delete', 'pod', name, ...NAMESPACE, '--grace-period=0', '--force'));
  await runTool('kubectl', 'wait', 'pod', name, ...NAMESPACE, '--for=condition=Ready', '--timeout=60s');
  const address = await runTool('kubectl', 'get', 'pod', name, ...NAMESPACE, '--output=jsonpath={.status.podIP}');
  const connect = (to: string, port: number) =>
    runTool('kubectl', 'exec', name, ...NAMESPACE, '--', 'nc', '-w', '2', to, String(port));
  const reaches: OtherPod['reaches'] = (to, port) => connect(to, port).then(() => true, isNotConnected);
  return { address, port: PORT, reaches };
}

/** False for a refused connection or a timeout; rethrows any other error. */
function isNotConnected(error: Error & { readonly code?: unknown }): boolean {
  if (error.code === NOT_CONNECTED) return false;
  throw error;
}
