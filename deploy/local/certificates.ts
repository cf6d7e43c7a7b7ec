import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './command.ts';
import { exists } from './files.ts';
import type { Profile } from './profile.ts';

const VALID_DAYS = '3650';

/** Who a certificate is for. `names` are subject alternative names, for servers. */
interface Subject {
  readonly file: string;
  readonly commonName: string;
  readonly organization?: string;
  readonly names?: readonly string[];
}

/** Folder with `ca.crt`, and `<file>.crt` and `<file>.key` of each subject. */
export function certificateFolder(profile: Profile): string {
  return join(profile.stateFolder, 'certificates');
}

/** Makes what is missing of the authority, the certificates and the service account key. What is there is kept. */
export async function makeCertificates(profile: Profile): Promise<void> {
  const folder = certificateFolder(profile);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await makeAuthority(folder);
  await Promise.all([...subjects(profile).map((subject) => makeCertificate(folder, subject)), makeTokenKey(folder)]);
}

function subjects(profile: Profile): readonly Subject[] {
  const serviceNames = ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc', 'localhost'].map(
    (name) => `DNS:${name}`,
  );
  const addresses = ['127.0.0.1', '10.96.0.1', profile.bridge.address].map((address) => `IP:${address}`);
  return [
    { file: 'apiserver', commonName: 'kube-apiserver', names: [...serviceNames, ...addresses] },
    { file: 'kubelet-server', commonName: profile.nodeName, names: [`IP:${profile.bridge.address}`, 'IP:127.0.0.1'] },
    { file: 'admin', commonName: 'admin', organization: 'system:masters' },
    { file: 'apiserver-kubelet-client', commonName: 'kube-apiserver', organization: 'system:masters' },
    // One client for all its controllers starts faster than an account for each, and needs the rights of all.
    { file: 'controller-manager', commonName: 'system:kube-controller-manager', organization: 'system:masters' },
    { file: 'scheduler', commonName: 'system:kube-scheduler' },
    { file: 'provisioner', commonName: 'local-provisioner', organization: 'system:masters' },
    { file: 'kubelet', commonName: `system:node:${profile.nodeName}`, organization: 'system:nodes' },
  ];
}

async function makeAuthority(folder: string): Promise<void> {
  if (await exists(join(folder, 'ca.crt'))) return;
  await makeKey(join(folder, 'ca.key'));
  const part = join(folder, 'ca.crt.part');
  const request = ['req', '-x509', '-new', '-key', join(folder, 'ca.key'), '-days', VALID_DAYS];
  await run('openssl', [...request, '-subj', '/CN=kubernetes-task-runner', '-out', part]);
  await rename(part, join(folder, 'ca.crt'));
}

async function makeCertificate(folder: string, subject: Subject): Promise<void> {
  const certificate = join(folder, `${subject.file}.crt`);
  if (await exists(certificate)) return;
  const key = join(folder, `${subject.file}.key`);
  await makeKey(key);
  const organization = subject.organization === undefined ? '' : `/O=${subject.organization}`;
  const name = `${organization}/CN=${subject.commonName}`;
  const { stdout: request } = await run('openssl', ['req', '-new', '-key', key, '-subj', name]);
  await sign(folder, subject, request);
}

async function sign(folder: string, subject: Subject, request: string): Promise<void> {
  const extensions = join(folder, `${subject.file}.ext`);
  const part = join(folder, `${subject.file}.crt.part`);
  const usage = 'basicConstraints=CA:FALSE\nkeyUsage=digitalSignature\nextendedKeyUsage=serverAuth,clientAuth\n';
  const names = subject.names === undefined ? '' : `subjectAltName=${subject.names.join(',')}\n`;
  await writeFile(extensions, usage + names);
  const authority = ['-CA', join(folder, 'ca.crt'), '-CAkey', join(folder, 'ca.key')];
  // A random serial number, for certificates are signed side by side.
  const serial = `0x00${createHash('sha256').update(request).digest('hex').slice(0, 30)}`;
  const args = ['x509', '-req', ...authority, '-set_serial', serial, '-days', VALID_DAYS, '-extfile', extensions];
  await run('openssl', [...args, '-out', part], { input: request });
  await rename(part, join(folder, `${subject.file}.crt`));
}

/** Key pair by which the API server signs service account tokens and knows them again. */
async function makeTokenKey(folder: string): Promise<void> {
  const publicFile = join(folder, 'tokens.pub');
  if (await exists(publicFile)) return;
  const keyFile = join(folder, 'tokens.key');
  await makeKey(keyFile);
  const publicKey = createPublicKey(createPrivateKey(await readFile(keyFile)));
  await writeFile(publicFile, publicKey.export({ type: 'spki', format: 'pem' }));
}

async function makeKey(file: string): Promise<void> {
  await run('openssl', ['ecparam', '-genkey', '-noout', '-name', 'prime256v1', '-out', file]);
}
