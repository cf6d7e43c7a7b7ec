/** Schemas for where and how a pod runs: names, labels and tolerations as Kubernetes accepts them. */
import { z } from 'zod';
import { STORAGE_MODES, TOLERATION_EFFECTS, TOLERATION_OPERATORS } from '../../workflows/parameters.ts';
import type { Toleration } from '../../workflows/parameters.ts';
import { documentedAs } from './documented.ts';
import { parseQuantity, QUANTITY } from '../../cluster/quantity.ts';

const NAME = '[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?';
const LABEL_NAME = new RegExp(`^${NAME}$`);
const LABEL_VALUE = new RegExp(`^(?:${NAME})?$`);
/** A name of a cluster's object: an RFC 1123 subdomain. */
const LABELS_BY_DOT = '[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?(?:\\.[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?)*';
const SUBDOMAIN = new RegExp(`^${LABELS_BY_DOT}$`);
const MAX_SUBDOMAIN_LENGTH = 253;
const MAX_ENTRIES = 64;

/** Labels by which we, Kubernetes and Kueue tell objects apart: a job that carried them could pass for another. */
const RESERVED =
  'kubernetes-task-runner/|app\\.kubernetes\\.io/managed-by$|(?:[^/]*[.-])?(?:kubernetes|k8s)\\.io/|controller-uid$|job-name$';
const RESERVED_PREFIX = new RegExp(`^(?:${RESERVED})`);

/** What {@link isLabelKey} lets pass, as a pattern without its start. */
const KEY_PATTERN = `(?:(?=[^/]{1,${MAX_SUBDOMAIN_LENGTH}}/)${LABELS_BY_DOT}/)?${NAME}$`;

/** Labels whose keys match `keys`, as JSON Schema says it. */
const labelsOf = (keys: string) => ({
  propertyNames: { pattern: keys },
  additionalProperties: { type: 'string', pattern: LABEL_VALUE.source },
  maxProperties: MAX_ENTRIES,
});

const KEY_FAULT = "Must be a Kubernetes label key, like 'team' or 'example.com/team'";
const SIZE_FAULT = "Must be a Kubernetes quantity of at least one byte, like '10Gi'";
const VALUE_FAULT = 'Must be at most 63 letters, digits, dashes, dots and underscores';

/** True for `name` or `prefix/name`, as Kubernetes writes keys of labels and taints. */
function isLabelKey(key: string): boolean {
  const [name = '', prefix, ...more] = key.split('/').reverse();
  return LABEL_NAME.test(name) && (prefix === undefined || isSubdomain(prefix)) && more.length === 0;
}

const labelMap = z
  .record(z.string(), z.unknown())
  .superRefine(checkLabels)
  .transform((labels) => labels as Record<string, string>);

/** Labels of a node that the pod must run on. */
export const nodeSelectorSchema = labelMap.meta({
  ...documentedAs(labelsOf(`^${KEY_PATTERN}`)),
  description: 'Labels that the node must have.',
  example: { disktype: 'ssd' },
});

/** Labels for the job's objects on the cluster, and for lists. */
export const labelsSchema = labelMap
  .superRefine((labels, context) => {
    for (const key of Object.keys(labels)) {
      if (RESERVED_PREFIX.test(key)) context.addIssue({ code: 'custom', path: [key], message: 'Is reserved' });
    }
  })
  .meta({
    ...documentedAs(labelsOf(`^(?!${RESERVED})${KEY_PATTERN}`)),
    description: 'Labels of the job and of its objects on the cluster; a list filters by `label=key=value`.',
    example: { team: 'reports' },
  });

/** A priority class, a queue or a storage class of the cluster. */
export function objectNameSchema(description: string): z.ZodString {
  return z
    .string()
    .refine(isSubdomain, 'Must consist of lower case letters, digits, dashes and dots')
    .meta({ maxLength: MAX_SUBDOMAIN_LENGTH, pattern: SUBDOMAIN.source, description });
}

/** What the refinement of {@link storageSchema} refuses, as JSON Schema says it. */
const EPHEMERAL_WITH_CLASS = {
  required: ['mode', 'class'],
  properties: { mode: { const: 'ephemeral' }, class: { type: 'string' } },
};
const CLASS_FAULT = 'Must be left out of storage that is ephemeral: it has no claims';

/** Where the files of a job lie, and how much there may be of them. */
export const storageSchema = z
  .strictObject({
    mode: z.enum(STORAGE_MODES, { error: 'Must be persistent or ephemeral' }).nullish().meta({
      description:
        'Whether /input and /output lie on claims, which outlive a pod, or in folders of the one pod that does all, which is quicker.',
    }),
    size: z
      .union([z.string(), z.number()], { error: SIZE_FAULT })
      .transform(String)
      .refine(isSize, SIZE_FAULT)
      .nullish()
      .meta({
        ...documentedAs({
          anyOf: [
            { type: 'string', pattern: QUANTITY.source },
            { type: 'number', minimum: 1, exclusiveMaximum: 1e100 },
            { type: 'null' },
          ],
        }),
        description: 'Size of /input, and of /output, as a Kubernetes quantity of at least one byte.',
        example: '10Gi',
      }),
    class: objectNameSchema("Storage class of the claims; the cluster's default without it.").nullish(),
  })
  .refine(({ mode, class: name }) => mode !== 'ephemeral' || typeof name !== 'string', {
    path: ['class'],
    error: CLASS_FAULT,
  })
  .meta({ not: EPHEMERAL_WITH_CLASS });

/** What {@link checkToleration} lets pass, as JSON Schema says it. */
const TOLERATION_RULES = [
  { anyOf: [{ required: ['key'] }, { required: ['operator'], properties: { operator: { const: 'Exists' } } }] },
  { anyOf: [{ properties: { operator: { const: 'Equal' } } }, { properties: { value: { const: '' } } }] },
  { dependentSchemas: { tolerationSeconds: { required: ['effect'], properties: { effect: { const: 'NoExecute' } } } } },
];

/** Tolerations in Kubernetes' own words. */
export const tolerationsSchema = z
  .array(
    z
      .strictObject({
        key: z
          .string()
          .refine(isLabelKey, KEY_FAULT)
          .optional()
          .meta({ pattern: `^${KEY_PATTERN}` }),
        operator: z.enum(TOLERATION_OPERATORS, { error: 'Must be Exists or Equal' }).optional(),
        value: z.string().regex(LABEL_VALUE, VALUE_FAULT).optional(),
        effect: z
          .enum(TOLERATION_EFFECTS, {
            error: 'Must be NoSchedule, PreferNoSchedule or NoExecute',
          })
          .optional(),
        tolerationSeconds: z.int({ error: 'Must be a whole number' }).min(0, 'Must be at least 0').optional(),
      })
      .superRefine(checkToleration)
      .meta({ allOf: TOLERATION_RULES }),
  )
  .max(MAX_ENTRIES, `Must be at most ${MAX_ENTRIES}`)
  .meta({ description: 'Tolerations of the pods, as Kubernetes writes them.' });

/** The rules of Kubernetes' own validation over several fields of a toleration. */
function checkToleration(
  toleration: { [K in keyof Toleration]?: Toleration[K] | undefined },
  context: z.RefinementCtx,
) {
  const fault = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message });
  const { key, operator, value, effect, tolerationSeconds } = toleration;
  if (key === undefined && operator !== 'Exists') fault('operator', 'Must be Exists when there is no key');
  if (operator === 'Exists' && value) fault('value', 'Must be absent when the operator is Exists');
  if (tolerationSeconds !== undefined && effect !== 'NoExecute') {
    fault('effect', 'Must be NoExecute when there are tolerationSeconds');
  }
}

function checkLabels(labels: Record<string, unknown>, context: z.RefinementCtx): void {
  const entries = Object.entries(labels);
  if (entries.length > MAX_ENTRIES) context.addIssue({ code: 'custom', message: `Must be at most ${MAX_ENTRIES}` });
  for (const [key, value] of entries) {
    if (!isLabelKey(key)) context.addIssue({ code: 'custom', path: [key], message: KEY_FAULT });
    const message = typeof value === 'string' ? VALUE_FAULT : 'Must be a string';
    if (typeof value !== 'string' || !LABEL_VALUE.test(value))
      context.addIssue({ code: 'custom', path: [key], message });
  }
}

function isSubdomain(text: string): boolean {
  return text.length <= MAX_SUBDOMAIN_LENGTH && SUBDOMAIN.test(text);
}

/** Quantities are counted in billionths. */
function isSize(text: string): boolean {
  return (parseQuantity(text) ?? 0n) >= 1_000_000_000n;
}
