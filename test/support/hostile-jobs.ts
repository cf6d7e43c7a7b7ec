import assert from 'node:assert/strict';
import type { V1Container, V1Job, V1PodSpec } from '@kubernetes/client-node';

/** Jobs that a worker does not make, and that a stolen token of it must not make either. */

/** Changes a Job of a worker, whose pod is given beside it. */
export type Alteration = (pod: V1PodSpec, job: V1Job) => void;

/** Names of Jobs of a worker that are altered. */
export const TASK_WITH_INPUT = 'a task with an input, secret, baseline';
const UPLOAD = 'an upload, secret, baseline';
const WAITING = 'the least in one pod whose upload waits, secret, baseline';

function first(containers: readonly V1Container[] | undefined): V1Container {
  const [container] = containers ?? [];
  assert.ok(container);
  return container;
}

/** Takes a variable of a container from a key of a Secret. */
function fromSecret(container: V1Container, variable: string, name: string, key = 'key'): void {
  container.env = [...(container.env ?? []), { name: variable, valueFrom: { secretKeyRef: { name, key } } }];
}

const CREDENTIALS = { name: 'credentials', mountPath: '/input' };

/** What is tried with the token, the Job that it starts from, the change, and what the cluster says. */
type HostileJob = readonly [what: string, from: string, alter: Alteration, said: RegExp];

const HOSTILE_JOBS: readonly HostileJob[] = [
  [
    'mount another Secret',
    TASK_WITH_INPUT,
    ({ volumes }) => volumes?.push({ name: 'other', secret: { secretName: 'other' } }),
    /must not have the volumes other/,
  ],
  [
    'mount another Secret in the place of the output',
    TASK_WITH_INPUT,
    ({ volumes = [] }) => (volumes[0] = { name: 'output', secret: { secretName: 'other' } }),
    /must not have the volumes output/,
  ],
  [
    'mount the token of a service account',
    TASK_WITH_INPUT,
    ({ volumes }) => volumes?.push({ name: 'token', projected: { sources: [{ serviceAccountToken: { path: 'a' } }] } }),
    /must not have the volumes token/,
  ],
  [
    'mount a folder of the node',
    TASK_WITH_INPUT,
    ({ volumes }) => volumes?.push({ name: 'scratch2', hostPath: { path: '/' } }),
    /must not have the volumes scratch2/,
  ],
  [
    'mount the claim of another job',
    TASK_WITH_INPUT,
    ({ volumes = [] }) => (volumes[0] = { name: 'output', persistentVolumeClaim: { claimName: 'job-other-output' } }),
    /must not have the volumes output/,
  ],
  [
    'mount the credential of the bucket into the task',
    TASK_WITH_INPUT,
    ({ containers }) => (first(containers).volumeMounts = [CREDENTIALS]),
    /must not mount task\.credentials/,
  ],
  [
    'send the credential of the bucket as the output',
    UPLOAD,
    ({ containers }) => (first(containers).volumeMounts = [{ name: 'credentials', mountPath: '/output' }]),
    /must not mount cleanup\.credentials/,
  ],
  [
    'read another Secret by a variable',
    TASK_WITH_INPUT,
    ({ containers }) => fromSecret(first(containers), 'STOLEN', 'gcs-api-key', 'gcs-api-key.json'),
    /must come from the Secret of its job or from OWNER_SECRETS: STOLEN/,
  ],
  [
    'read another key of a Secret of OWNER_SECRETS',
    TASK_WITH_INPUT,
    ({ containers }) => fromSecret(first(containers), 'STOLEN', 's3', 'other'),
    /STOLEN/,
  ],
  [
    'read all of a Secret',
    TASK_WITH_INPUT,
    ({ containers }) => (first(containers).envFrom = [{ secretRef: { name: 'other' } }]),
    /must not have the fields task\.envFrom/,
  ],
  [
    'use another service account',
    TASK_WITH_INPUT,
    (pod) => (pod.serviceAccountName = 'admin'),
    /must not have the fields .*serviceAccountName/,
  ],
  [
    'mount the token of the service account',
    TASK_WITH_INPUT,
    (pod) => (pod.automountServiceAccountToken = true),
    /must not mount a service account token/,
  ],
  [
    'run a privileged container',
    TASK_WITH_INPUT,
    ({ containers }) => (first(containers).securityContext = { privileged: true }),
    /must not give further rights: task/,
  ],
  [
    'add a capability',
    TASK_WITH_INPUT,
    ({ containers }) =>
      (first(containers).securityContext = { allowPrivilegeEscalation: false, capabilities: { add: ['SYS_ADMIN'] } }),
    /must not give further rights: task/,
  ],
  [
    'use the network of the node',
    TASK_WITH_INPUT,
    (pod) => (pod.hostNetwork = true),
    /must not have the fields hostNetwork/,
  ],
  ['see the processes of the node', TASK_WITH_INPUT, (pod) => (pod.hostPID = true), /must not have the fields hostPID/],
  [
    'listen on a port of the node',
    TASK_WITH_INPUT,
    ({ containers }) => (first(containers).ports = [{ containerPort: 1, hostPort: 1 }]),
    /must not have the fields task\.ports/,
  ],
  ['name its node', TASK_WITH_INPUT, (pod) => (pod.nodeName = 'control-plane'), /must not have the fields nodeName/],
  [
    'take the place of the system',
    TASK_WITH_INPUT,
    (pod) => (pod.priorityClassName = 'system-node-critical'),
    /must not have the priority class system-node-critical/,
  ],
  [
    'make system calls without a profile',
    TASK_WITH_INPUT,
    (pod) => (pod.securityContext = { seccompProfile: { type: 'Unconfined' } }),
    /must have the seccomp profile RuntimeDefault/,
  ],
  [
    'run without AppArmor, by an annotation',
    TASK_WITH_INPUT,
    (_pod, { spec }) =>
      (spec?.template.metadata ?? {}).annotations &&
      Object.assign(spec?.template.metadata?.annotations ?? {}, { 'a/b': 'c' }),
    /must not have the annotations .*a\/b/,
  ],
  [
    'add a container',
    TASK_WITH_INPUT,
    ({ containers }) => containers.push({ ...first(containers), name: 'other' }),
    /must not have other containers than input, task and cleanup: .*other/,
  ],
  [
    'run another image beside the credential of the bucket',
    UPLOAD,
    ({ containers }) => (first(containers).image = 'registry.example.com:5000/batch/transfer-2:1'),
    /must run the transfer image and its own command: cleanup \(registry\.example\.com:5000\/batch\/transfer-2:1\)/,
  ],
  [
    'run another command beside the credential of the bucket',
    UPLOAD,
    ({ containers }) => (first(containers).command = ['node', '--eval', '']),
    /must run the transfer image and its own command: cleanup/,
  ],
  [
    'send the credential of the bucket elsewhere',
    UPLOAD,
    ({ containers }) => {
      const { env = [] } = first(containers);
      first(containers).env = env.map((one) => (one.name === 'GC_API_ENDPOINT' ? { ...one, value: 'http://a' } : one));
    },
    /must not have these variables, or these values: cleanup\.GC_API_ENDPOINT/,
  ],
  [
    'load code by a variable',
    UPLOAD,
    ({ containers }) => first(containers).env?.push({ name: 'NODE_OPTIONS', value: '--import=data:text/javascript,' }),
    /cleanup\.NODE_OPTIONS/,
  ],
  [
    'have another folder sent',
    UPLOAD,
    ({ containers }) => {
      const { env = [] } = first(containers);
      first(containers).env = env.map((one) =>
        one.name === 'TRANSFER_FOLDER' ? { ...one, value: '/credentials' } : one,
      );
    },
    /cleanup\.TRANSFER_FOLDER/,
  ],
  [
    'have the node call an address',
    WAITING,
    ({ containers }) => (first(containers).livenessProbe = { httpGet: { host: '169.254.169.254', port: 80 } }),
    /must not have such a liveness probe: task/,
  ],
  [
    'run a command by the node when the container starts',
    TASK_WITH_INPUT,
    ({ containers }) => (first(containers).lifecycle = { postStart: { exec: { command: ['a'] } } }),
    /must not have the fields task\.lifecycle/,
  ],
  [
    'run many pods',
    TASK_WITH_INPUT,
    (_pod, { spec }) => spec && Object.assign(spec, { parallelism: 9 }),
    /must run one pod, once/,
  ],
  [
    'take the name of another Job',
    TASK_WITH_INPUT,
    (_pod, { metadata }) => metadata && (metadata.name = 'other'),
    /its name must be the one of that job/,
  ],
  [
    'let its pod pass for that of another job',
    TASK_WITH_INPUT,
    (_pod, { spec }) =>
      Object.assign(spec?.template.metadata?.labels ?? {}, { 'kubernetes-task-runner/job-id': 'other' }),
    /must name the same job/,
  ],
];

/** Each Job that is refused; the Jobs that they start from are those of `jobsOfAWorker`. */
export function hostileJobs(): readonly HostileJob[] {
  return HOSTILE_JOBS;
}
