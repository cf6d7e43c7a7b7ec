/** How the document tells who may call. */
import type { ZodOpenApiPathsObject, ZodOpenApiSecuritySchemeObject } from 'zod-openapi';

/** Name of the scheme in the document. */
export const BEARER = 'bearer';

/** The schemes of the document. */
export const SECURITY_SCHEMES: Readonly<Record<string, ZodOpenApiSecuritySchemeObject>> = {
  [BEARER]: {
    type: 'http',
    scheme: 'bearer',
    description:
      'An API key, or a token of the issuer of this deployment. What a call needs is its scope, in a token behind `ktr:`; `admin` has all of them, with the jobs of all owners.',
  },
};

/** The same paths, as they are where nobody is asked. */
export function open(paths: ZodOpenApiPathsObject): ZodOpenApiPathsObject {
  const calls = (methods: object) =>
    Object.entries(methods).map(([method, call]) => [method, { ...(call as object), security: [] }] as const);
  const all = Object.entries(paths).map(([path, methods]) => [path, Object.fromEntries(calls(methods))] as const);
  return Object.fromEntries(all);
}
