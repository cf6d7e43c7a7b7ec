import assert from 'node:assert/strict';
import { test } from 'node:test';
import { required } from '../support/environment.ts';
import { variants } from '../support/variants.ts';
import { entriesOf, zipOf } from '../support/zip-entries.ts';
import { aName, downloadOutput, runJob, shellJob } from '../support/job-client.ts';
import { assertWorldAfter } from '../support/world.ts';

variants('claims', 'one-pod');

test('a job without an input runs, and its output is an empty zip when it writes nothing', async () => {
  const job = await runJob(aName('no-input'), shellJob('true'));
  assert.equal(job.status, 'succeeded', JSON.stringify(job));
  assert.deepEqual(await entriesOf(await downloadOutput(job)), {});
  await assertWorldAfter(job);
});

test('an image without a shell runs by its own entry point, as its own user', async () => {
  const job = await runJob(
    aName('no-shell'),
    { docker_image: required('IMAGE_NOSHELL') },
    await zipOf({ 'a.txt': { content: 'hello' } }),
  );
  assert.equal(job.status, 'succeeded', JSON.stringify(job));
  const output = await entriesOf(await downloadOutput(job));
  assert.match(output['report.txt']?.content ?? '', /a\.txt/);
  await assertWorldAfter(job);
});

test('environment values arrive byte for byte', async () => {
  const environment_variables = {
    SPACES: '  two before, two after  ',
    QUOTES: `"double" 'single' \`back\``,
    DOLLARS: '$HOME $(HOME) $$ ${HOME}',
    LINES: 'first\nsecond\n',
    UTF8: 'żółw 🐢',
    EMPTY: '',
    BACKSLASH: 'a\\nb\\',
  };
  const script = Object.keys(environment_variables)
    .map((name) => `printf %s "$${name}" > /output/${name}`)
    .join('; ');
  const job = await runJob(aName('environment'), shellJob(script, { environment_variables }));
  assert.equal(job.status, 'succeeded', JSON.stringify(job));
  const output = await entriesOf(await downloadOutput(job));
  const arrived = Object.fromEntries(Object.entries(output).map(([name, { content }]) => [name, content]));
  assert.deepEqual(arrived, environment_variables);
  await assertWorldAfter(job);
});
