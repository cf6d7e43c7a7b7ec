import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { PresentedJob } from '../../api/present.ts';
import type { JobStatus } from '../../workflows/contract.ts';
import { required } from '../support/environment.ts';
import { gated, openGate } from '../support/gated-job.ts';
import type { Answer } from '../support/job-client.ts';
import { aName, call, downloadOutput, logOf, shellJob as aShellJob, until, untilEnded } from '../support/job-client.ts';
import { inStandardMode } from '../support/standard-mode.ts';
import { variants } from '../support/variants.ts';
import { assertWorldAfter } from '../support/world.ts';
import { entriesOf, zipOf } from '../support/zip-entries.ts';

variants('claims', 'one-pod');

/** The document of the original Python service, from top to bottom: a client written for it sends JSON alone, and no header of ours. */

const BUSYBOX = () => required('IMAGE_BUSYBOX');
const shellJob: typeof aShellJob = (script, more) => inStandardMode(aShellJob(script, more));

async function post<T = PresentedJob>(body: unknown) {
  return await call<T>('POST', '/batch/', {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

async function list(query: string): Promise<PresentedJob[]> {
  return (await call<PresentedJob[]>('GET', `/batch/${query}`)).body.data;
}

function assertAccepted({ status, body }: Answer<PresentedJob>): PresentedJob {
  assert.deepEqual([status, body.error, body.result], [200, '', true], JSON.stringify(body));
  return body.data;
}

describe('the life of a job', () => {
  test('a job with an input goes from `created` to `succeeded`, and its output can be fetched by its URL', async () => {
    const name = aName('contract');
    const input_zip = (await zipOf({ 'a.txt': { content: 'hello' } })).toString('base64');
    const script = 'tr a-z A-Z < /input/a.txt > /output/b.txt';
    const sentMs = Date.now();
    const started = assertAccepted(await post({ name, job_parameters: { ...shellJob(gated(script)), input_zip } }));
    assert.equal(started.status, 'running');
    assert.deepEqual(started.job_parameters, shellJob(gated(script)));
    assert.ok(started.created >= sentMs && (started.start_time ?? 0) >= started.created);
    assert.equal(started.stop_time, undefined);
    assert.ok(
      (await list('')).some(({ id }) => id === started.id),
      'the list shows running jobs when nothing is said',
    );

    await until(started.id, ({ phase }) => phase === 'running');
    await openGate(started);
    await until(started.id, ({ status }) => status === 'cleaning' || status === 'succeeded');
    const ended = await untilEnded(started.id);
    assert.equal(ended.status, 'succeeded');
    assert.ok((ended.stop_time ?? 0) >= (ended.start_time ?? Infinity));
    const files = await entriesOf(await downloadOutput(ended));
    assert.equal(files['b.txt']?.content, 'HELLO');
    await assertWorldAfter(ended);
  });

  test('a list holds the jobs of one status, whichever of the six it is', async () => {
    const job = assertAccepted(await post({ job_parameters: shellJob('true') }));
    const { id } = await untilEnded(job.id);
    const statuses: JobStatus[] = ['created', 'running', 'failed', 'killed', 'cleaning', 'succeeded'];
    for (const status of statuses) {
      const jobs = await list(`?status=${status}&limit=1000`);
      assert.deepEqual([...new Set(jobs.map((listed) => listed.status))], jobs.length > 0 ? [status] : []);
      assert.equal(
        jobs.some((listed) => listed.id === id),
        status === 'succeeded',
        status,
      );
    }
  });

  test('a list of an unknown status is refused', async () => {
    const { status, body } = await call('GET', '/batch/?status=finished');
    assert.deepEqual([status, body.error, body.result], [400, 'InvalidParameters', false]);
  });
});

describe('a new job', () => {
  test('is named after its image and the time when it has no name, or a blank one', async () => {
    for (const name of [undefined, '']) {
      const job = assertAccepted(await post({ name, job_parameters: shellJob('true') }));
      assert.equal(job.name, `busybox-${job.created}`);
      await untilEnded(job.id);
    }
  });

  test('ignores a `status` in the request', async () => {
    const job = assertAccepted(await post({ status: 'succeeded', job_parameters: shellJob(gated()) }));
    assert.equal(job.status, 'running');
    await openGate(job);
    await untilEnded(job.id);
  });

  test('says that it finished instantly when it is over before the answer', async () => {
    const { body } = await post({ job_parameters: shellJob('true') });
    if (body.data.status !== 'running') assert.equal(body.msg, `Job ${body.data.id} finished instantly`);
    assert.equal((await untilEnded(body.data.id)).status, 'succeeded');
  });

  test('gets its environment variables and resources', async () => {
    const parameters = {
      ...shellJob(
        'echo "$A"; cat /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null || cat /sys/fs/cgroup/memory.max',
      ),
      environment_variables: { A: ' "spaces and quotes" ' },
      resources: { limits: { cpu: '500m', memory: '128Mi' }, requests: { cpu: '500m', memory: '128Mi' } },
    };
    const job = await untilEnded(assertAccepted(await post({ job_parameters: parameters })).id);
    assert.equal(await logOf(job.id), ` "spaces and quotes" \n${128 * 1024 ** 2}\n`);
  });

  test('needs an image, and the fault stands where the field would', async () => {
    const { status, body } = await post<unknown>({ name: 'x', job_parameters: {} });
    assert.equal(status, 400);
    assert.deepEqual(body, {
      data: { job_parameters: { docker_image: 'Field is required' } },
      error: 'InvalidParameters',
      msg: '',
      result: false,
    });
  });

  test('tells all faults of the sample request at once', async () => {
    const job_parameters = { some_key: 'some_value', another_key: { another: 'value' }, input_zip: 'aGVsbG8=\n' };
    const { status, body } = await post<{ job_parameters: Record<string, string> }>({
      status: 'created',
      job_parameters,
    });
    assert.deepEqual([status, body.error], [400, 'InvalidParameters']);
    const faults = body.data.job_parameters;
    assert.deepEqual([faults['some_key'], faults['another_key']], ['Unknown field', 'Unknown field']);
    assert.match(faults['input_zip'] ?? '', /zip/i);
    assert.equal(faults['docker_image'], 'Field is required');
  });

  test('is refused when its name is taken', async () => {
    const name = aName('taken');
    const first = assertAccepted(await post({ name, job_parameters: shellJob('true') }));
    const { status, body } = await post<{ name: string }>({ name, job_parameters: shellJob('true') });
    assert.deepEqual([status, body.error, Object.keys(body.data)], [400, 'InvalidParameters', ['name']]);
    await untilEnded(first.id);
  });

  test('that the cluster refuses is a ClusterError with the cluster’s own answer', async () => {
    // Huge pages alone, without any processor or memory.
    const resources = { limits: { 'hugepages-2Mi': '2Mi' } };
    const { status, body } = await post<Record<string, never>>({ job_parameters: shellJob('true', { resources }) });
    assert.deepEqual([status, body.error, body.result], [500, 'ClusterError', false], JSON.stringify(body));
    assert.equal(body.msg, 'Got unexpected response while waiting for job to start');
    const response = body.data['cluster_response'] as { kind: string; code: number; reason: string } | undefined;
    assert.deepEqual([response?.kind, response?.code, response?.reason], ['Status', 422, 'Invalid']);
    await untilEnded(body.data['id'] ?? '');
  });

  test('whose pod cannot start is a ClusterError with the last pod', async () => {
    const docker_image = `${BUSYBOX()}@md5:${'0'.repeat(32)}`;
    const { status, body } = await post<Record<string, never>>({ job_parameters: inStandardMode({ docker_image }) });
    assert.deepEqual([status, body.error], [500, 'ClusterError'], JSON.stringify(body));
    const pod = body.data['last_pod_response'] as { kind: string; status: { phase: string } } | undefined;
    assert.deepEqual([pod?.kind, pod?.status.phase], ['Pod', 'Pending']);
    await untilEnded(body.data['id'] ?? '');
  });
});

describe('stopping a job', () => {
  test('kills a running job, and says so', async () => {
    const job = assertAccepted(await post({ job_parameters: shellJob('trap "exit 0" TERM; sleep 600 & wait') }));
    const { status, body } = await call('DELETE', `/batch/${job.id}`);
    assert.deepEqual([status, body.data.status, body.error, body.result], [200, 'killed', '', true]);
    assert.equal(body.msg, `Instance ${job.id} was successfully deleted from the cluster.`);
    await assertWorldAfter(body.data);

    const again = await call<string>('DELETE', `/batch/${job.id}`);
    assert.deepEqual([again.status, again.body.data, again.body.error], [400, '', 'InvalidParameters']);
    assert.equal(again.body.msg, `Can't stop batch job ${job.id}. Status is: killed.`);
  });

  test('is refused for a job that nobody knows', async () => {
    const { status, body } = await call('DELETE', '/batch/24da8ada-ab0a-4b8a-a82e-2603a88f0909');
    assert.deepEqual([status, body.error, body.result], [404, 'DoesNotExist', false]);
  });
});
