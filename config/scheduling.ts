/** Rules for the settings about where and how the pods of jobs run. */
import { z } from 'zod';
import { MAX_TIMEOUT_SECONDS, TOLERATION_EFFECTS, TOLERATION_OPERATORS } from '../workflows/parameters.ts';
import type { Toleration } from '../workflows/parameters.ts';
import { ANYTHING, isSystemPriorityClass, parseTaint } from './allowed.ts';
import { parseJson } from './json.ts';
import { isLabelKey, isSubdomain, LABEL_VALUE } from './labels.ts';
import { tolerationFaults } from './tolerations.ts';

const labelKey = z.string().refine(isLabelKey);
const labelValue = z.string().regex(LABEL_VALUE);

const toleration = z
  .strictObject({
    key: labelKey.optional(),
    operator: z.enum(TOLERATION_OPERATORS).optional(),
    value: labelValue.optional(),
    effect: z.enum(TOLERATION_EFFECTS).optional(),
    tolerationSeconds: z.int().min(0).max(MAX_TIMEOUT_SECONDS).optional(),
  })
  .refine((given) => tolerationFaults(given).length === 0);

/** Labels that the nodes of all jobs must have. */
export const nodeSelector = jsonOf(z.record(labelKey, labelValue), 'must be JSON like {"pool": "jobs"}');

/** Tolerations that the pods of all jobs get. */
export const tolerations = jsonOf(
  z.array(toleration) as z.ZodType<readonly Toleration[]>,
  'must be JSON like [{"key": "dedicated", "operator": "Equal", "value": "jobs", "effect": "NoSchedule"}]',
);

/** Queues or storage classes that jobs may name. */
export const objectNames = listOf(isSubdomain, 'names like fast, or *');

/** Priority classes that jobs may name. */
export const priorityClasses = listOf(
  (name) => isSubdomain(name) && !isSystemPriorityClass(name),
  'names like low, none of which begins with system-, or *',
);

/** Labels of nodes that jobs may ask for. */
export const nodeLabels = listOf((text) => {
  const [key = '', value = '', ...more] = text.split('=');
  return isLabelKey(key) && LABEL_VALUE.test(value) && more.length === 0;
}, 'label keys like disktype, labels like pool=gpu, or *');

/** Keys of labels of jobs that their pods may have. */
export const labelKeys = listOf(isLabelKey, 'label keys like team or example.com/team, or *');

/** Taints that jobs may tolerate. */
export const taints = listOf((text) => {
  const { key = '', value = '' } = parseTaint(text) ?? {};
  return isLabelKey(key) && LABEL_VALUE.test(value);
}, 'taints like gpu, dedicated=batch or dedicated=batch:NoSchedule, or *');

/** What a text says as JSON of the type `type`. */
function jsonOf<T>(type: z.ZodType<T>, error: string) {
  const read = (text: string) => type.safeParse(parseJson(text)).data;
  return z
    .string()
    .refine((text) => read(text) !== undefined, { error })
    .transform((text) => read(text) as T);
}

/** Entries by comma, for each of which `isEntry` holds unless it is the one that allows everything. */
function listOf(isEntry: (text: string) => boolean, what: string) {
  return z
    .string()
    .transform((text) => text.split(',').map((entry) => entry.trim()))
    .refine((entries) => entries.every((entry) => entry === ANYTHING || isEntry(entry)), {
      error: `must be ${what}, separated by commas`,
    });
}
