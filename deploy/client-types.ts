/** Writes client/schema.d.ts, the types of the API's own document. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import openapiTypes, { astToString } from 'openapi-typescript';
import type { OpenAPI3 } from 'openapi-typescript';
import { createOpenApiDocument } from '../api/openapi/document.ts';

const FILE = join(import.meta.dirname, '..', 'client', 'schema.d.ts');

/** The file as it should be. */
export async function clientTypes(): Promise<string> {
  const document = JSON.parse(JSON.stringify(createOpenApiDocument())) as OpenAPI3;
  return `// Made of the API's document by \`npm run client-types\`.\n${astToString(await openapiTypes(document))}`;
}

if (import.meta.main) await writeFile(FILE, await clientTypes());
