import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRouters } from '../../../api/app.ts';
import type { ApiDeps } from '../../../api/deps.ts';
import { createOpenApiDocument } from '../../../api/openapi/document.ts';
import { ERROR_NAMES } from '../../../api/errors.ts';
import { JOB_PHASES, JOB_STATUSES } from '../../../workflows/contract.ts';
import { FAILURE_REASONS } from '../../../workflows/failure-reasons.ts';
import { at, DOCUMENT, operations } from '../../support/openapi.ts';
import type { JsonObject } from '../../support/openapi.ts';

const REFUSED = (status: string) => Number(status) >= 400;

/** Routes as the routers know them: nothing is asked of the servers until one is called. */
function routes(): string[] {
  const layers = createRouters({ settings: {} } as ApiDeps).flatMap(({ stack }) => stack);
  const named = layers.flatMap(({ path, methods }) =>
    methods.filter((method) => method !== 'HEAD').map((method) => `${method} ${String(path)}`),
  );
  return named.map((route) => route.replaceAll(/:(\w+)/g, '{$1}')).sort();
}

/** Schemas and examples of every refusal, by the call that gives it. */
function refusals(): { call: string; status: string; media: JsonObject }[] {
  return operations().flatMap(({ path, method, operation }) =>
    Object.keys(operation['responses'] as JsonObject)
      .filter(REFUSED)
      .map((status) => ({
        call: `${method} ${path}`,
        status,
        media: at('paths', path, method, 'responses', status, 'content', 'application/json') as JsonObject,
      })),
  );
}

test('every route stands in the document, and every call of the document has a route', () => {
  // A router takes a path with and without a slash at its end; the public contract writes one.
  const documented = operations().map(({ path, method }) => `${method.toUpperCase()} ${path.replace(/\/$/, '')}`);
  assert.deepEqual(documented.sort(), routes());
});

test('every name of an error stands in the document, where each status says by which names it comes', () => {
  const named = refusals().flatMap(({ media }) => {
    const schema = media['schema'] as JsonObject;
    const error = (schema['properties'] as JsonObject)['error'] as JsonObject;
    return (error['enum'] ?? [error['const']]) as string[];
  });
  assert.deepEqual([...new Set(named)].sort(), [...ERROR_NAMES].sort());
});

test('every refusal has an example, which names an error', () => {
  for (const { call, status, media } of refusals()) {
    const examples = Object.values((media['examples'] ?? {}) as JsonObject) as { value: { error: string } }[];
    assert.ok(examples.length > 0, `${call} ${status}`);
    for (const { value } of examples) assert.ok((ERROR_NAMES as readonly string[]).includes(value.error), call);
  }
});

test('every status, phase and reason of a failure stands in the document', () => {
  const job = (field: string) => at('components', 'schemas', 'Job', 'properties', field);
  assert.deepEqual((job('status') as JsonObject)['enum'], [...JOB_STATUSES]);
  assert.deepEqual((job('phase') as JsonObject)['enum'], [...JOB_PHASES]);
  const failure = (job('failure') as JsonObject)['properties'] as JsonObject;
  assert.deepEqual((failure['reason'] as JsonObject)['enum'], [...FAILURE_REASONS]);
});

test('every header that a call reads stands in the document', () => {
  const headers = operations().flatMap(({ operation }) =>
    ((operation['parameters'] ?? []) as JsonObject[]).filter((parameter) => parameter['in'] === 'header'),
  );
  const names = headers.map(({ name }) => name);
  for (const name of ['Prefer', 'Idempotency-Key', 'Content-Digest', 'If-None-Match', 'Last-Event-ID'])
    assert.ok(names.includes(name), name);
});

test('every call about jobs says its scope where callers are asked, and no call says one where they are not', () => {
  const isAboutJobs = (path: string) => /^\/(?:batch|codec)\/|^\/counts$/.test(path);
  const securityIn = (document: object) =>
    Object.entries((document as { paths: Record<string, Record<string, { security: unknown[] }>> }).paths).flatMap(
      ([path, methods]) => Object.values(methods).map(({ security }) => [isAboutJobs(path), security.length]),
    );
  assert.deepEqual(new Set(securityIn(DOCUMENT).map(String)), new Set(['true,1', 'false,0']));
  const unguarded = createOpenApiDocument(false);
  assert.deepEqual(new Set(securityIn(unguarded).map(String)), new Set(['true,0', 'false,0']));
  assert.equal(unguarded.components?.securitySchemes, undefined);
});

test('the document says which version it is of', () => {
  const { openapi, info } = DOCUMENT as { openapi: string; info: { version: string } };
  assert.match(openapi, /^3\.1\./);
  assert.match(info.version, /^\d+\.\d+\.\d+$/);
});
