import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { formatCursor } from '../../../api/cursor.ts';
import { endWorkflow, jobIn } from '../../support/api-server.ts';
import { startGuardedApi } from '../../support/guarded-api.ts';
import { operations } from '../../support/openapi.ts';
import { ALL, ask, assertSilent, guardedCalls, guessesAt, startTwoOwners } from '../../support/two-owners.ts';
import type { TwoOwners } from '../../support/two-owners.ts';

const CALLS = guardedCalls();
/** Sends a job: it is asked below what becomes of it. */
const CREATE = 'POST /batch/';

/** For each parameter of a query, texts by which somebody could find jobs of Bob. One that is missing here fails the test. */
function queriesAbout({ bob, ended, running }: TwoOwners): Readonly<Record<string, readonly string[]>> {
  const { created } = ended;
  return {
    status: ['all', 'succeeded', 'running', 'created,succeeded'],
    limit: ['1', '1000'],
    name_prefix: ['', 'e', 'ended-', running.name.slice(0, 9)],
    label: [`team=${ended.parameters.labels?.['team']}`],
    owner: [bob.owner, bob.owner.slice(0, -1), bob.owner.toUpperCase(), ''],
    created_after: ['0', String(created - 1)],
    created_before: [String(created + 1), '8640000000000000'],
    cursor: [formatCursor(ended), formatCursor({ created: created + 1, id: ended.id })],
    wait: ['0'],
    hours: ['1', '24', '720'],
    container: ['task', 'input', 'cleanup'],
    attempt: ['1', '2'],
    follow: ['true'],
    tail: ['1'],
    offset: ['0'],
  };
}

test('every call of the document answers about a job of another owner as about none, by whatever name it is asked for', async (context) => {
  const two = await startTwoOwners(context);
  const robert = await two.api.as(`${two.bob.owner}3`, ...ALL);
  const queries = queriesAbout(two);
  const withId = CALLS.filter(({ inPath }) => inPath.length > 0);
  assert.ok(withId.length >= 5);
  for (const { method, path, inPath, inQuery } of withId) {
    assert.deepEqual(inPath, ['id'], `the walk does not know the parameters of ${path}`);
    await assertHidden({ ...two, alice: robert }, method, path, guessesAt(two.ended));
    const tails = ['', ...inQuery.flatMap((name) => (queries[name] ?? []).map((value) => `?${name}=${value}`))];
    assert.deepEqual(
      inQuery.filter((name) => !(name in queries)),
      [],
      path,
    );
    for (const tail of tails) {
      for (const method_ of method === 'GET' ? ['GET', 'HEAD'] : [method]) {
        for (const job of [two.ended, two.running]) await assertHidden(two, method_, path + tail, guessesAt(job));
      }
    }
  }
  for (const job of [two.ended, two.running]) assert.deepEqual(await two.api.store.find(job.id), job);
});

/** That a guess is answered as what there is not. Alice has a job of one name: what she is told is of that one. */
async function assertHidden(two: TwoOwners, method: string, path: string, guesses: ReturnType<typeof guessesAt>) {
  for (const [guess, nothing] of guesses) {
    const call = `${method} ${path.replace('{id}', guess)}`;
    if (two.running.name.startsWith(`${guess}.`)) continue;
    const told = await ask(two.api, two.alice, method, path.replace('{id}', guess));
    const toldOfNothing = await ask(two.api, two.alice, method, path.replace('{id}', nothing));
    assert.ok([400, 404].includes(told.status), `${call}: ${told.status}`);
    const blank = (text: string, word: string) => text.replaceAll(word, '').replaceAll(decodeURIComponent(word), '');
    assert.deepEqual(
      { ...told, body: blank(told.body, guess) },
      { ...toldOfNothing, body: blank(toldOfNothing.body, nothing) },
      call,
    );
    assertSilent(two, told, guess, call);
  }
}

test('every call without a job in its address answers as if nobody else had any', async (context) => {
  const two = await startTwoOwners(context);
  const empty = await startGuardedApi(context);
  const [carol, lonely] = [await two.api.as('carol', ...ALL), await empty.as('carol', ...ALL)];
  const queries = queriesAbout(two);
  const calls = CALLS.filter(({ inPath, method, path }) => inPath.length === 0 && `${method} ${path}` !== CREATE);
  assert.ok(calls.length >= 1);
  for (const { method, path, inQuery } of calls) {
    assert.deepEqual(
      inQuery.filter((name) => !(name in queries)),
      [],
      path,
    );
    for (const address of [path, ...inQuery.flatMap((name) => addressesOf(path, name, queries[name] ?? []))]) {
      const told = await ask(two.api, carol, method, address);
      assert.deepEqual(told, await ask(empty, lonely, method, address), `${method} ${address}`);
      assertSilent(
        two,
        await ask(two.api, two.alice, method, address),
        decodeURIComponent(address),
        `${method} ${address}`,
      );
    }
  }
});

/** With each value alone, and among jobs of all statuses. */
function addressesOf(path: string, name: string, values: readonly string[]): string[] {
  const queries = values.flatMap((value) => [{ [name]: value }, { status: 'all', [name]: value }]);
  return queries.map((query) => `${path}?${new URLSearchParams(query).toString()}`);
}

test('what asks nobody who calls is known by name, and tells of no job', async (context) => {
  const two = await startTwoOwners(context);
  const guarded = CALLS.map(({ method, path }) => `${method} ${path}`);
  const calls = operations().map(({ method, path }) => [method.toUpperCase(), path] as const);
  const open = calls.filter(([method, path]) => !guarded.includes(`${method} ${path}`));
  assert.deepEqual(open.map(([, path]) => path).sort(), [
    '/docs',
    '/docs/{asset}',
    '/livez',
    '/openapi.json',
    '/readyz',
  ]);
  for (const [method, path] of open.filter(([, path]) => !path.startsWith('/docs')))
    assertSilent(two, await ask(two.api, two.alice, method, path), '', path);
});

test('a list holds all of an owner and nothing else, page by page', async (context) => {
  const two = await startTwoOwners(context);
  const seen = async (client: TwoOwners['bob']) => {
    const ids: string[] = [];
    let next: string | undefined = '/batch/?status=all&limit=1';
    while (next !== undefined) {
      const answer: Awaited<ReturnType<typeof client.call>> = await client.call('GET', next);
      ids.push(...(answer.data as { id: string }[]).map(({ id }) => id));
      next = /<([^>]+)>/.exec(answer.headers.get('link') ?? '')?.[1];
    }
    return ids.sort();
  };
  assert.deepEqual(await seen(two.bob), [two.ended.id, two.running.id].sort());
  assert.equal((await seen(two.alice)).length, 1);
});

test('a name that both use is a job of each, and so is an idempotency key', async (context) => {
  const { api, alice, bob } = await startTwoOwners(context);
  const [name, key] = [`test-${randomUUID().slice(0, 13)}`, randomUUID()];
  const send = (client: TwoOwners['bob'], image: string) =>
    client.call(
      'POST',
      '/batch/',
      { name, job_parameters: { docker_image: image } },
      { prefer: 'respond-async', 'idempotency-key': key },
    );
  const [first, second, again] = [await send(bob, 'canary'), await send(alice, 'python'), await send(alice, 'python')];
  const jobs = [first, second, again].map(jobIn);
  for (const { workflow_id } of jobs.slice(0, 2)) await endWorkflow(api, workflow_id.replace('batch-job/', ''));
  assert.deepEqual(
    jobs.map((job) => job.name),
    [name, name, name],
  );
  assert.deepEqual(
    jobs.map((job) => job.owner),
    [bob.owner, alice.owner, alice.owner],
  );
  assert.notEqual(jobs[1]?.id, jobs[0]?.id);
  assert.equal(jobs[2]?.id, jobs[1]?.id);
  assert.ok(!JSON.stringify([second, again]).includes(String(jobs[0]?.id)));
  const byName = await Promise.all([bob, alice].map((client) => client.call('GET', `/batch/${name}`)));
  assert.deepEqual(
    byName.map((answer) => jobIn(answer).id),
    [jobs[0]?.id, jobs[1]?.id],
  );
});

test('a kill by a name that both use is a kill of the own job', async (context) => {
  const { api, alice, bob } = await startTwoOwners(context);
  const name = `test-${randomUUID().slice(0, 13)}`;
  const body = { name, job_parameters: { docker_image: 'python' } };
  const sent = [];
  for (const client of [bob, alice]) sent.push(await client.call('POST', '/batch/', body, { prefer: 'respond-async' }));
  const [bobs, alices] = sent.map(jobIn);
  await alice.call('DELETE', `/batch/${name}`, undefined, { prefer: 'respond-async' });
  const killed = await Promise.all([bobs, alices].map((job) => isSignalled(api, job?.workflow_id ?? '')));
  for (const job of [bobs, alices])
    await endWorkflow(api, job?.workflow_id.replace('batch-job/', '') ?? '').catch(() => undefined);
  assert.deepEqual(killed, [false, true]);
});

async function isSignalled({ client }: TwoOwners['api'], workflowId: string): Promise<boolean> {
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
  return (events ?? []).some(({ workflowExecutionSignaledEventAttributes: signal }) => signal?.signalName === 'kill');
}

test("a job that came before owners were known is nobody's but who administers sees it", async (context) => {
  const { api, alice, ended } = await startTwoOwners(context);
  const { owner: _, ...old } = { ...ended, id: randomUUID(), name: `old-${randomUUID().slice(0, 8)}` };
  await api.store.record(old);
  for (const guess of [old.id, old.name]) assert.equal((await alice.call('GET', `/batch/${guess}`)).status, 404);
  assert.equal((await (await api.as('root', 'admin')).call('GET', `/batch/${old.id}`)).status, 200);
});
