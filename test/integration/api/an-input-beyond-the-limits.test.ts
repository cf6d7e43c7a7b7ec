import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startApi } from '../../support/api-server.ts';
import { aZip } from '../../support/input-zips.ts';

const JOB = { job_parameters: { docker_image: 'python' } };

test('an input that says itself that its claim has no room for it is refused', async (context) => {
  const api = await startApi(context, { settings: { claimSize: '5' } });
  const zip = await aZip({ a: 'abc', b: 'abc' });
  const submit = async (storage: object | null) => {
    const form = new FormData();
    form.append('job', JSON.stringify({ job_parameters: { ...JOB.job_parameters, storage } }));
    form.append('input', new Blob([new Uint8Array(zip)]));
    const input_zip = zip.toString('base64');
    const asText = api.call('POST', '/batch/', { job_parameters: { ...JOB.job_parameters, storage, input_zip } });
    return (await Promise.all([asText, api.call('POST', '/batch/', form)])).map(({ status, data }) => [status, data]);
  };
  const refusedBy = (fault: string) => [
    [400, { job_parameters: { input_zip: fault } }],
    [400, { input: fault }],
  ];
  assert.deepEqual(await submit(null), refusedBy('Must have at most 5 bytes unpacked'));
  assert.deepEqual(await submit({ size: '4' }), refusedBy('Must have at most 4 bytes unpacked'));
  const taken = await submit({ size: '6' });
  assert.deepEqual(
    taken.map(([status]) => status),
    [200, 200],
  );
});

test('an input that says itself that it is beyond the limits is refused, however it comes, and nothing of it is left', async (context) => {
  const api = await startApi(context, { settings: { maxFiles: 2, maxInputUnpackedBytes: 5 } });
  const before = await api.bucket.list('spool/');
  const cases = {
    'Must have at most 2 files and folders': await aZip({ a: '', b: '', c: '' }),
    'Must have at most 5 bytes unpacked': await aZip({ a: 'abc', b: 'abc' }),
  };
  for (const [fault, zip] of Object.entries(cases)) {
    const input_zip = zip.toString('base64');
    const asText = await api.call('POST', '/batch/', { job_parameters: { ...JOB.job_parameters, input_zip } });
    assert.deepEqual([asText.status, asText.data], [400, { job_parameters: { input_zip: fault } }]);
    const form = new FormData();
    form.append('job', JSON.stringify(JOB));
    form.append('input', new Blob([new Uint8Array(zip)]));
    const asPart = await api.call('POST', '/batch/', form);
    assert.deepEqual([asPart.status, asPart.data], [400, { input: fault }]);
  }
  assert.deepEqual(await api.bucket.list('spool/'), before);
});
