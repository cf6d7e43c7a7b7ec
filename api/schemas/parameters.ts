/** Schemas for what a container is run with: texts that Kubernetes and the kernel accept. */
import { z } from 'zod';
import type { ResourceList } from '../../workflows/parameters.ts';
import { documentedAs } from './documented.ts';
import { byteLength, fault, MAX_TEXT_BYTES, objectOfAnything, TEXT_JSON_SCHEMA, textFault } from './texts.ts';
import { parseQuantity, QUANTITY } from '../../cluster/quantity.ts';

type Context = z.RefinementCtx;

const STANDARD_RESOURCE = /^(?:cpu|memory|ephemeral-storage|hugepages-[A-Za-z0-9.]+)$/;
const EXTENDED_RESOURCE =
  /^(?:[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?)\/[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

/** What {@link quantityOf} reads, as JSON Schema says it. A number is read as it would be written. */
const QUANTITY_JSON_SCHEMA = {
  anyOf: [
    { type: 'string', pattern: QUANTITY.source },
    { type: 'number', minimum: 1e-99, exclusiveMaximum: 1e100 },
    { const: 0 },
  ],
};

/** Devices come one by one: Kubernetes refuses a part of one. */
const COUNT = /^\d{1,9}$/;
const COUNT_JSON_SCHEMA = {
  anyOf: [
    { type: 'string', pattern: COUNT.source },
    { type: 'integer', minimum: 0, maximum: 999_999_999 },
  ],
};

/** A command line: a list of strings, {@link MAX_TEXT_BYTES} in all. */
export const commandSchema = z
  .array(z.unknown())
  .superRefine(checkCommand)
  .transform((words) => words as string[])
  .meta({
    ...documentedAs({ items: TEXT_JSON_SCHEMA }),
    description: `A list of strings; at most ${MAX_TEXT_BYTES} bytes in all, with one for the end of each.`,
    example: ['sh', '-c', 'wc -w /input/*.txt > /output/words.txt'],
  });

const resourceListSchema = objectOfAnything
  .superRefine(checkQuantities)
  .transform(asQuantities)
  .meta({
    ...documentedAs({
      patternProperties: {
        [STANDARD_RESOURCE.source]: QUANTITY_JSON_SCHEMA,
        [EXTENDED_RESOURCE.source]: COUNT_JSON_SCHEMA,
      },
      additionalProperties: false,
    }),
    description: 'Kubernetes resources and their quantities.',
    example: { cpu: '500m', memory: '128Mi' },
  });

/** Limits and requests: known names, valid quantities, no limit under its request. */
export const resourcesSchema = z
  .strictObject({ limits: resourceListSchema.nullish(), requests: resourceListSchema.nullish() })
  .meta({
    description:
      'Limits and requests of any Kubernetes resource, within those of the service. No limit may be under its request; of devices and huge pages a request must have a limit, and be equal to it.',
  })
  .superRefine(({ limits, requests }, context) => {
    for (const name of Object.keys(limits ?? {})) checkLimit(name, limits ?? {}, requests ?? {}, context);
    for (const name of Object.keys(requests ?? {})) checkRequest(name, limits ?? {}, requests ?? {}, context);
  });

function checkCommand(words: readonly unknown[], context: Context): void {
  for (const [index, word] of words.entries()) {
    const problem = textFault(word);
    if (problem !== undefined) fault(context, [index], problem);
  }
  if (byteLength(words) > MAX_TEXT_BYTES) fault(context, [], `Must be at most ${MAX_TEXT_BYTES} bytes in all`);
}

function checkQuantities(quantities: Record<string, unknown>, context: Context): void {
  for (const [name, quantity] of Object.entries(quantities)) {
    if (!STANDARD_RESOURCE.test(name) && !EXTENDED_RESOURCE.test(name))
      fault(context, [name], 'Is not a resource name');
    if (quantityOf(quantity) === undefined)
      fault(context, [name], "Must be a Kubernetes quantity, like '500m' or '128Mi'");
    else if (EXTENDED_RESOURCE.test(name) && !COUNT.test(String(quantity)))
      fault(context, [name], 'Must be a whole number');
  }
}

function checkLimit(name: string, limits: ResourceList, requests: ResourceList, context: Context): void {
  const limit = quantityOf(limits[name]);
  const request = quantityOf(requests[name]);
  if (limit === undefined || request === undefined || limit >= request || !isShared(name)) return;
  fault(context, ['limits', name], `Must be at least the request of ${requests[name]}`);
}

/** What a node cannot promise to several containers at one time is asked for by its limit, as Kubernetes' own validation has it. */
function checkRequest(name: string, limits: ResourceList, requests: ResourceList, context: Context): void {
  const limit = quantityOf(limits[name]);
  if (isShared(name) || limit === quantityOf(requests[name])) return;
  const missing = limit === undefined ? ', which is missing' : ` of ${limits[name]}`;
  fault(context, ['requests', name], `Must be equal to its limit${missing}`);
}

/** False of devices and huge pages. */
function isShared(name: string): boolean {
  return !name.includes('/') && !name.startsWith('hugepages-');
}

function quantityOf(value: unknown): bigint | undefined {
  return typeof value === 'string' || typeof value === 'number' ? parseQuantity(String(value)) : undefined;
}

function asQuantities(values: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, quantity]) => [name, String(quantity)]));
}
