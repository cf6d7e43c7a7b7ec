import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startComposeStack } from '../support/docker/compose-stack.ts';
import type { ComposeStack } from '../support/docker/compose-stack.ts';
import { startEngine } from '../support/docker/engine.ts';
import type { Engine } from '../support/docker/engine.ts';
import { aName, downloadOutput, runJob, shellJob } from '../support/job-client.ts';
import { kubectl } from '../support/operator.ts';
import { createScope } from '../support/scope.ts';
import { entriesOf, zipOf } from '../support/zip-entries.ts';

const scope = createScope();
let engine: Engine;
let stack: ComposeStack;

before(async () => {
  engine = await startEngine(scope);
  stack = await startComposeStack(scope, engine);
  process.env['API_URL'] = stack.apiUrl;
  scope.after(() => kubectl('delete', 'networkpolicies', '--all', '--namespace', 'default'));
});
after(() => scope[Symbol.asyncDispose]());

test('the API and the worker that Compose has started become healthy', async () => {
  for (const service of ['api', 'worker']) await stack.untilHealthy(service);
});

test('jobs have the policies that keep them from the servers of Compose', async () => {
  const policies = await kubectl('get', 'networkpolicies', '--namespace', 'default', '--output', 'name');
  const names = ['ask-names', 'default-deny', 'reach-the-bucket', 'reach-the-emulator'];
  assert.deepEqual(
    policies.trim().split('\n'),
    names.map((name) => `networkpolicy.networking.k8s.io/${name}`),
  );
});

test('a job goes whole through what Compose has started', async () => {
  const script = 'tr a-z A-Z < /input/hello.txt > /output/shouted.txt';
  const input = await zipOf({ 'hello.txt': { content: 'hello from compose\n' } });
  const job = await runJob(aName('composed'), shellJob(script), input);
  assert.equal(job.status, 'succeeded', JSON.stringify(job));
  const output = await entriesOf(await downloadOutput(job));
  assert.deepEqual(
    Object.entries(output).map(([name, { content }]) => [name, content]),
    [['shouted.txt', 'HELLO FROM COMPOSE\n']],
  );
});
