import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { certificateFolder } from './certificates.ts';
import type { Profile } from './profile.ts';
import { becomesTrue } from './ready.ts';

/** Answer of the API server; `body` is the parsed JSON, or the text when it is none. */
export interface KubeAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** One request to the cluster of a stack, as its administrator. */
export async function kubeRequest(
  profile: Profile,
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
): Promise<KubeAnswer> {
  const folder = certificateFolder(profile);
  const [ca, cert, key] = await Promise.all(['ca.crt', 'admin.crt', 'admin.key'].map((f) => readFile(join(folder, f))));
  const options = { host: '127.0.0.1', port: profile.ports.apiserver, method, path, timeout: 5_000, agent: false };
  return new Promise((resolve, reject) => {
    const call = request({ ...options, ca, cert, key, headers: { 'content-type': 'application/json' } }, (response) => {
      response.setEncoding('utf8');
      let text = '';
      response.on('data', (chunk: string) => (text += chunk));
      response.once('error', reject);
      response.once('end', () => resolve({ status: response.statusCode ?? 0, body: parse(text) }));
    });
    call.once('timeout', () => call.destroy(new Error(`no answer to ${method} ${path} in 5 s`)));
    call.once('error', reject);
    call.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** An API server whose etcd has just been started again takes some seconds to find it. */
const CREATE_MS = 30_000;

/** Creates an object; one that exists already is left as it is. */
export async function createIfAbsent(profile: Profile, path: string, object: unknown): Promise<void> {
  let last = '';
  const isThere = async () => {
    const { status, body } = await kubeRequest(profile, 'POST', path, object);
    last = `POST ${path} answered ${status}: ${JSON.stringify(body)}`;
    return status === 201 || status === 409;
  };
  const unlessAway = () => isThere().catch((error: unknown) => ((last = String(error)), false));
  if (!(await becomesTrue(unlessAway, CREATE_MS))) throw new Error(last);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
