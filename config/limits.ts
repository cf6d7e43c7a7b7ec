/** Rules for the settings by which an operator limits what a job may ask for. */
import { z } from 'zod';
import { parseQuantity } from '../cluster/quantity.ts';
import type { ResourceList } from '../workflows/parameters.ts';
import { parseImagePattern } from './images.ts';
import type { ImagePattern } from './images.ts';
import { parseJson } from './json.ts';

/** A resource that a container can ask for, or `storage`, as Kubernetes calls the size of a claim. */
const RESOURCE =
  /^(?:cpu|memory|ephemeral-storage|storage|hugepages-[A-Za-z0-9.]+|[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?\/[-A-Za-z0-9_.]+)$/;

/** A quantity for each resource that is limited. */
export const largestResources = z
  .string()
  .refine((text) => readResourceList(text) !== undefined, {
    error: 'must be JSON like {"cpu": "8", "memory": "32Gi", "storage": "100Gi"}',
  })
  .transform((text) => readResourceList(text) ?? {});

/** Images that jobs may run. */
export const imagePatterns = z
  .string()
  .refine((text) => readPatterns(text) !== undefined, {
    error: 'must be images like python:3.* or registry.example.com/team/*, separated by commas',
  })
  .transform((text) => readPatterns(text) ?? []);

/** What is asked for of a resource and more than the largest; undefined for what is not limited. */
export function excessOf(name: string, quantity: string, largest: ResourceList): string | undefined {
  const most = Object.hasOwn(largest, name) ? largest[name] : undefined;
  return most !== undefined && (parseQuantity(quantity) ?? 0n) > (parseQuantity(most) ?? 0n) ? most : undefined;
}

function readResourceList(text: string): ResourceList | undefined {
  const json = parseJson(text);
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return undefined;
  const entries = Object.entries(json).map(([name, quantity]) => [name, String(quantity)] as const);
  const isWell = entries.every(([name, quantity]) => RESOURCE.test(name) && parseQuantity(quantity) !== undefined);
  return isWell ? Object.fromEntries(entries) : undefined;
}

function readPatterns(text: string): ImagePattern[] | undefined {
  const patterns = text.split(',').map((pattern) => parseImagePattern(pattern.trim()));
  return patterns.includes(undefined) ? undefined : (patterns as ImagePattern[]);
}
