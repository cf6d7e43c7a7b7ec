import { generateKeyPairSync } from 'node:crypto';

/** Where k3s says that its API server is: right inside its own container alone. */
const LOOPBACK_SERVER = 'https://127.0.0.1:6443';

/**
 * The kubeconfig of k3s for its neighbours.
 * @param server URL of the API server, under a name that its certificate holds
 * @throws Error when `kubeconfig` does not name the server that k3s writes
 */
export function reachableKubeconfig(kubeconfig: string, server: string): string {
  if (!kubeconfig.includes(LOOPBACK_SERVER)) throw new Error(`the kubeconfig does not name ${LOOPBACK_SERVER}`);
  return kubeconfig.replaceAll(LOOPBACK_SERVER, server);
}

/** A service account key like Google's, with a fresh RSA key: it signs URLs for the emulator, and opens nothing else. */
export function emulatorKey(): string {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return JSON.stringify({
    type: 'service_account',
    project_id: 'emulator',
    private_key_id: 'emulator',
    private_key: privateKey,
    client_email: 'task-runner@emulator.iam.gserviceaccount.com',
    client_id: '1',
    token_uri: 'https://oauth2.googleapis.com/token',
  });
}
