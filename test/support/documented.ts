import assert from 'node:assert/strict';
import { at, faultsAt, operations } from './openapi.ts';
import type { JsonObject } from './openapi.ts';

/** An answer, as far as the document speaks of it. */
export interface AnswerToCheck {
  readonly status: number;
  readonly headers: Headers;
  /** The body, parsed when it is JSON; undefined when there is none. */
  readonly body: unknown;
}

/**
 * Asserts that the document tells of an answer: its status, its type, its headers and its body.
 * Of an address or a method that the document does not know only the envelope of a refusal is asserted.
 */
export function assertDocumented(method: string, path: string, answer: AnswerToCheck): void {
  const call = `${method} ${path} → ${answer.status}`;
  const template = templateOf(new URL(path, 'http://localhost').pathname);
  if (template === undefined || at('paths', template, method.toLowerCase()) === undefined) {
    const { result, msg, error } = answer.body as { result: unknown; msg: unknown; error: unknown };
    assert.ok(answer.status >= 400, call);
    assert.deepEqual([result, typeof msg, typeof error], [false, 'string', 'string'], call);
    return;
  }
  const place = ['paths', template, method.toLowerCase(), 'responses', String(answer.status)];
  assert.ok(at(...place) !== undefined, `${call} is not documented`);
  assertHeaders(call, place, answer.headers);
  assertBody(call, place, answer);
}

function assertHeaders(call: string, place: readonly string[], headers: Headers): void {
  const documented = (at(...place, 'headers') ?? {}) as JsonObject;
  for (const name of Object.keys(documented)) {
    const value = headers.get(name);
    if (value !== null) assert.deepEqual(faultsAt([...place, 'headers', name, 'schema'], value), [], call);
    else assert.notEqual(at(...place, 'headers', name, 'required'), true, `${call} lacks ${name}`);
  }
}

function assertBody(call: string, place: readonly string[], { headers, body }: AnswerToCheck): void {
  const type = (headers.get('content-type') ?? '').split(';', 1).join('');
  const content = at(...place, 'content') as JsonObject | undefined;
  if (content === undefined) return void assert.equal(type, '', `${call} has no body`);
  assert.ok(type in content, `${call} is ${type}`);
  assert.deepEqual(faultsAt([...place, 'content', type, 'schema'], body), [], call);
}

/** The path of the document that an address is of. */
function templateOf(path: string): string | undefined {
  const templates = [...new Set(operations().map((operation) => operation.path))];
  return templates.find((template) => {
    const pattern = template
      .replace(/\/$/, '')
      .replaceAll('.', '\\.')
      .replaceAll(/\{\w+\}/g, '[^/]+');
    return new RegExp(`^${pattern}/?$`).test(path);
  });
}
