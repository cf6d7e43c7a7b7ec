import type { Profile } from '../../deploy/local/profile.ts';
import { openClusterGate } from '../support/cluster.ts';
import { required } from '../support/environment.ts';
import { createHttpGate } from '../support/http-gate.ts';
import { stackKubeConfig } from '../support/kube-config.ts';
import { apiserverIdentity, writeKubeconfig } from '../support/linked-cluster.ts';
import { startToxiproxy } from '../support/toxiproxy.ts';
import { createLinkBreaker } from './break-link.ts';
import type { LinkBreaker } from './break-link.ts';

/** The links between our own two processes and the servers; pods reach the bucket by one of them, too. */
export interface Links extends LinkBreaker {
  /** Variables by which our two processes go this way. */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** A link listens beside its server, where no connection of this machine is given a port by chance. */
const PORTS_BESIDE = 5;

/**
 * Opens a link to each server of the stack. Bytes go through toxiproxy first, so that our processes see what it does to them as it is;
 * HTTP goes through a gate behind it.
 */
export async function openLinks(profile: Profile): Promise<Links> {
  const { ports, bridge } = profile;
  const toxiproxy = await startToxiproxy(profile, ports.api + PORTS_BESIDE);
  const cluster = await openClusterGate(stackKubeConfig(), await apiserverIdentity(profile));
  const bucket = await createHttpGate({ target: required('GC_API_ENDPOINT') });
  const linked = {
    'kube-apiserver': { listen: loopback(ports.apiserver + PORTS_BESIDE), to: loopback(cluster.port) },
    temporal: { listen: loopback(ports.temporal + PORTS_BESIDE), to: loopback(ports.temporal) },
    mongodb: { listen: loopback(ports.mongodb + PORTS_BESIDE), to: loopback(ports.mongodb) },
    gcs: { listen: `${bridge.address}:${ports.gcs + PORTS_BESIDE}`, to: loopback(bucket.port) },
  };
  for (const [name, { listen, to }] of Object.entries(linked)) await toxiproxy.open(name, listen, to);
  return {
    environment: {
      KUBECONFIG: await writeKubeconfig(profile, 'linked', ports.apiserver + PORTS_BESIDE),
      TEMPORAL_ADDRESS: linked.temporal.listen,
      MONGODB_URI: `mongodb://${linked.mongodb.listen}`,
      GC_API_ENDPOINT: `http://${linked.gcs.listen}`,
    },
    ...createLinkBreaker(toxiproxy, { 'kube-apiserver': cluster, gcs: bucket }),
    close: async () => {
      await toxiproxy.stop();
      await Promise.all([cluster.close(), bucket.close()]);
    },
  };
}

function loopback(port: number): string {
  return `127.0.0.1:${port}`;
}
