/** What zod cannot tell of itself: JSON Schema for the input of a transformation or a check that is code. */
import type { ZodOpenApiOverrideMeta } from 'zod-openapi';

/** Keywords of a JSON Schema. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Keywords that say which texts are of a type; with another type they say nothing. */
const OF_A_TEXT = ['anyOf', 'pattern'];

/** Metadata for `.meta()`: `schema` stands in the document in place of what zod derives. */
export function documentedAs(schema: JsonSchema): { readonly override: ZodOpenApiOverrideMeta } {
  return {
    override: ({ jsonSchema }) => {
      const derived = jsonSchema as Record<string, unknown>;
      if ('type' in schema) for (const keyword of OF_A_TEXT) Reflect.deleteProperty(derived, keyword);
      Object.assign(derived, schema);
    },
  };
}
