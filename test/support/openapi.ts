import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { createOpenApiDocument } from '../../api/openapi/document.ts';

/** The API's document, read as any client reads it. */
export const DOCUMENT = JSON.parse(JSON.stringify(createOpenApiDocument())) as JsonObject;

export type JsonObject = { readonly [key: string]: Json };
type Json = JsonObject | readonly Json[] | string | number | boolean | null;

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema({ $id: 'document', ...DOCUMENT });

/**
 * What is wrong with `value` by the schema at a place of the document; empty when it conforms.
 * @param place keys from the root to the schema
 */
export function faultsAt(place: readonly string[], value: unknown): string[] {
  const pointer = resolved(place).map(
    (key) => `/${encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))}`,
  );
  const validate = ajv.getSchema(`document#${pointer.join('')}`);
  if (validate === undefined) throw new Error(`the document has no schema at ${place.join(' ')}`);
  if (validate(value) === true) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

/** The same place without references on the way to it. */
function resolved(place: readonly string[]): readonly string[] {
  let path: readonly string[] = [];
  for (const key of place) {
    path = [...path, key];
    const reference = (at(...path.slice(0, -1)) as JsonObject)[key];
    const target = (reference as JsonObject | undefined)?.['$ref'];
    if (typeof target === 'string') path = target.split('/').slice(1);
  }
  return path;
}

/** What stands at a place of the document; undefined when nothing does. References at the place are followed. */
export function at(...place: readonly string[]): Json | undefined {
  let here: Json | undefined = DOCUMENT;
  for (const key of place) {
    here = follow((here as JsonObject)[key]);
    if (here === undefined) return undefined;
  }
  return here;
}

function follow(value: Json | undefined): Json | undefined {
  const reference = (value as JsonObject | undefined)?.['$ref'];
  return typeof reference === 'string' ? at(...reference.split('/').slice(1)) : value;
}

/** Every operation: its path, its method and what is said of it. */
export function operations(): readonly { path: string; method: string; operation: JsonObject }[] {
  return Object.entries(DOCUMENT['paths'] as JsonObject).flatMap(([path, methods]) =>
    Object.entries(methods as JsonObject).map(([method, operation]) => ({
      path,
      method,
      operation: operation as JsonObject,
    })),
  );
}
