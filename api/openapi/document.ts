import { createDocument } from 'zod-openapi';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import packageJson from '../../package.json' with { type: 'json' };
import { batchPaths } from './batch.ts';
import { open, SECURITY_SCHEMES } from './security.ts';
import { servicePaths } from './service.ts';

/** An OpenAPI document. */
export type OpenApiDocument = ReturnType<typeof createDocument>;

const DESCRIPTION = `${packageJson.description}

Every JSON answer is \`{"data": …, "error": "", "msg": "", "result": true}\`. On a refusal \`result\` is false, \`error\` names
it, and \`data\` holds the faults field by field, nested as the request is. Times are epoch milliseconds.`;

/** The same paths, each call under `tag`. */
function tagged(tag: string, paths: ZodOpenApiPathsObject): ZodOpenApiPathsObject {
  const calls = (methods: object) =>
    Object.entries(methods).map(([method, call]) => [method, { ...(call as object), tags: [tag] }] as const);
  const all = Object.entries(paths).map(([path, methods]) => [path, Object.fromEntries(calls(methods))] as const);
  return Object.fromEntries(all);
}

/**
 * The API's document in OpenAPI 3.1, from the schemas that validate requests and type answers.
 * @param isGuarded whether callers are asked who they are
 */
export function createOpenApiDocument(isGuarded = true): OpenApiDocument {
  return createDocument({
    openapi: '3.1.1',
    info: {
      title: packageJson.name,
      version: packageJson.version,
      description: DESCRIPTION,
      license: { name: packageJson.license, identifier: packageJson.license },
    },
    servers: [{ url: '/' }],
    tags: [
      { name: 'jobs', description: 'Batch jobs.' },
      { name: 'service', description: 'The service itself.' },
    ],
    paths: {
      ...tagged('jobs', isGuarded ? batchPaths : open(batchPaths)),
      ...tagged('service', open(servicePaths)),
    },
    ...(isGuarded && { components: { securitySchemes: SECURITY_SCHEMES } }),
  });
}
