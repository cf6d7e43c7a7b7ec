import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { createOpenApiDocument } from '../../../api/openapi/document.ts';

/** Rules of taste that do not fit: one relative server, and a call that cannot fail by itself. */
const CONFIG = `
extends: [spec]
rules:
  operation-operationId-unique: error
  operation-operationId-url-safe: error
  operation-summary: error
  path-parameters-defined: error
  path-declaration-must-exist: error
  no-identical-paths: error
  no-ambiguous-paths: error
  no-path-trailing-slash: off
  no-unused-components: error
  no-invalid-media-type-examples: error
  no-invalid-schema-examples: error
  no-invalid-parameter-examples: error
  no-enum-type-mismatch: error
  no-schema-type-mismatch: error
  no-duplicated-tag-names: error
  security-defined: error
  response-contains-header: off
  spec-strict-refs: off
`;

async function faultsOf(document: object): Promise<string[]> {
  const config = await createConfig(CONFIG);
  const problems = await lintFromString({ source: JSON.stringify(document), config });
  return problems.map(({ ruleId, message, location }) => `${ruleId} ${location[0]?.pointer}: ${message}`);
}

test('the document keeps to OpenAPI 3.1, and its examples to its schemas', async () => {
  for (const isGuarded of [true, false]) assert.deepEqual(await faultsOf(createOpenApiDocument(isGuarded)), []);
});

test('the check sees a schema, a reference and an example that are wrong', async () => {
  const document = JSON.stringify(createOpenApiDocument());
  for (const [right, wrong] of [
    ['"type":"integer"', '"type":"whole number"'],
    ['#/components/schemas/Job"', '#/components/schemas/Jobs"'],
    ['"status":"succeeded"', '"status":"done"'],
  ] as const) {
    const broken = JSON.parse(document.replace(right, wrong)) as object;
    assert.notDeepEqual(await faultsOf(broken), [], wrong);
  }
});
