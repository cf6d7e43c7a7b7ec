/** The public contract's own sample bodies, with the fields that we add; for people to read and for tests to send. */
import { refusal, success } from '../envelope.ts';
import type { PresentedJob } from '../schemas/presented.ts';

/** The job of the contract's own sample. */
export const PYTHON_JOB: PresentedJob = {
  created: 1_527_121_792_553,
  id: '1e0e788e-58b0-4a06-a7a8-4c6307ed37cd',
  job_parameters: { docker_image: 'python' },
  name: 'python-1527121792553',
  output_file_url: 'https://storage.googleapis.com/batch-jobs/python-1527121792553-output.zip?X-Goog-Signature=0b5c',
  start_time: 1_527_121_793_000,
  status: 'succeeded',
  stop_time: 1_527_121_886_591,
  phase: 'ended',
  exit_code: 0,
  output: { bytes: 4096, files: 3, crc32c: 'AAAAAA==', complete: true, skipped: 1 },
  workflow_id: 'batch-job/python-1527121792553',
  kill_requested: false,
};

const ALPINE_JOB: PresentedJob = {
  created: 1_527_122_339_156,
  id: '54723389-05d1-40c8-add2-bd18f2395ebf',
  job_parameters: { docker_image: 'alpine' },
  name: 'alpine-1527122339156',
  start_time: 1_527_122_340_000,
  status: 'cleaning',
  phase: 'uploading',
  exit_code: 0,
  workflow_id: 'batch-job/alpine-1527122339156',
  kill_requested: false,
};

const KILLED_JOB: PresentedJob = {
  created: 1_527_122_576_106,
  id: 'bb34f086-5ff0-4ad3-a612-fcdf8048a917',
  job_parameters: { docker_image: 'alpine' },
  name: 'alpine-1527122576106',
  start_time: 1_527_122_577_000,
  status: 'killed',
  stop_time: 1_527_122_579_000,
  phase: 'ended',
  workflow_id: 'batch-job/alpine-1527122576106',
  kill_requested: true,
};

const FAILED_JOB: PresentedJob = {
  created: 1_527_122_900_000,
  id: '24da8ada-ab0a-4b8a-a82e-2603a88f0909',
  job_parameters: { docker_image: 'pyhton' },
  name: 'pyhton-1527122900000',
  status: 'failed',
  stop_time: 1_527_122_932_000,
  phase: 'ended',
  failure: {
    reason: 'ImageNotFound',
    phase: 'starting',
    message: 'Back-off pulling image "pyhton"',
    hint: 'Check the name of the image, and that the registry has it.',
    retryable: false,
  },
  workflow_id: 'batch-job/pyhton-1527122900000',
  kill_requested: false,
};

/** Bodies of requests. */
export const REQUESTS = {
  smallest: { job_parameters: { docker_image: 'python' } },
  whole: {
    name: 'words-1527121792553',
    status: 'created',
    job_parameters: {
      docker_image: 'busybox:1.37.0',
      command: ['sh', '-c', 'wc -w /input/*.txt | tee /output/words.txt'],
      environment_variables: { LANGUAGE: 'en' },
      resources: { limits: { cpu: '500m', memory: '128Mi' }, requests: { cpu: '500m', memory: '128Mi' } },
      input_zip: 'UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==\n',
    },
  },
} as const;

/** Bodies of answers. */
export const ANSWERS = {
  list: success([PYTHON_JOB, ALPINE_JOB]),
  job: success(PYTHON_JOB),
  instant: success(ALPINE_JOB, `Job ${ALPINE_JOB.id} finished instantly`),
  killed: success(KILLED_JOB, `Instance ${KILLED_JOB.id} was successfully deleted from the cluster.`),
  killing: success(
    { ...KILLED_JOB, status: 'running', phase: 'deleting' },
    `Instance ${KILLED_JOB.id} is being deleted from the cluster.`,
  ),
  event: { id: '9', event: 'job', data: JSON.stringify(PYTHON_JOB) },
  listEvent: { event: 'jobs', data: JSON.stringify({ jobs: [PYTHON_JOB, ALPINE_JOB] }) },
  counts: success({
    from: 1_527_040_800_000,
    step_seconds: 3600,
    counts: [{ created: 0, running: 1, cleaning: 1, succeeded: 12, failed: 1, killed: 1 }],
  }),
  files: success({
    files: [{ name: 'words.txt', bytes: 22, compressed_bytes: 24, modified: 1_527_121_880_000 }],
    total: 1,
    url: PYTHON_JOB.output_file_url,
  }),
} as const;

/** Bodies of refusals. */
export const REFUSALS = {
  missingField: refusal('InvalidParameters', '', { job_parameters: { docker_image: 'Field is required' } }),
  unreadablePayload: refusal(
    'InvalidParameters',
    'A payload cannot be read: the key that encrypted it is not among ENCRYPTION_KEYS.',
    '',
  ),
  cannotStop: refusal('InvalidParameters', `Can't stop batch job ${KILLED_JOB.id}. Status is: killed.`, ''),
  notDeleted: refusal('ClusterError', 'API request failed when deleting job python-1526341086030', {
    cluster_response: {
      kind: 'Status',
      apiVersion: 'v1',
      status: 'Failure',
      message: 'jobs.batch "python-1526341086030" is forbidden: User "runner" cannot delete resource "jobs"',
      reason: 'Forbidden',
      code: 403,
    },
  }),
  unknownParameter: refusal('InvalidParameters', '', { colour: 'Unknown parameter' }),
  badId: refusal('InvalidParameters', '', { id: 'Must be the id or the name of a job' }),
  badWait: refusal('InvalidParameters', '', { wait: 'Must be a whole number from 0 to 60' }),
  badContainer: refusal('InvalidParameters', '', { container: 'Must be input, task or cleanup' }),
  missingJob: refusal('DoesNotExist', 'Batch job 24da8ada-ab0a-4b8a-a82e-2603a88f0909 does not exist.', ''),
  notStarted: refusal('ClusterError', 'Got unexpected response while waiting for job to start', {
    last_pod_response: { apiVersion: 'v1', kind: 'Pod', status: { phase: 'Pending' } },
    ...FAILED_JOB,
  }),
  away: refusal('ServiceUnavailable', 'MongoDB is away at the moment: try again later.', ''),
  notReady: refusal('ServiceUnavailable', 'Away: mongodb.', { temporal: 'ok', mongodb: 'away', bucket: 'ok' }),
} as const;
