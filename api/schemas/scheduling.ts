/** Schemas for where and how a pod runs: names, labels and tolerations as Kubernetes accepts them. */
import { z } from 'zod';
import { isSystemPriorityClass } from '../../config/allowed.ts';
import {
  isLabelKey,
  isSubdomain,
  KEY_PATTERN,
  LABEL_VALUE,
  MAX_SUBDOMAIN_LENGTH,
  SUBDOMAIN,
} from '../../config/labels.ts';
import {
  MAX_TIMEOUT_SECONDS,
  STORAGE_MODES,
  TOLERATION_EFFECTS,
  TOLERATION_OPERATORS,
} from '../../workflows/parameters.ts';
import { tolerationFaults } from '../../config/tolerations.ts';
import { documentedAs } from './documented.ts';
import { fault } from './texts.ts';
import { parseQuantity, QUANTITY } from '../../cluster/quantity.ts';

/** Most labels of a job, and most of what else it names. */
export const MAX_ENTRIES = 64;

/** Labels by which we, Kubernetes and Kueue tell objects apart: a job that carried them could pass for another. */
const RESERVED =
  'kubernetes-task-runner/|app\\.kubernetes\\.io/managed-by$|(?:[^/]*[.-])?(?:kubernetes|k8s)\\.io/|controller-uid$|job-name$';
const RESERVED_PREFIX = new RegExp(`^(?:${RESERVED})`);

/** Labels whose keys match `keys`, as JSON Schema says it. */
const labelsOf = (keys: string) => ({
  propertyNames: { pattern: keys },
  additionalProperties: { type: 'string', pattern: LABEL_VALUE.source },
  maxProperties: MAX_ENTRIES,
});

const KEY_FAULT = "Must be a Kubernetes label key, like 'team' or 'example.com/team'";
const SIZE_FAULT = "Must be a Kubernetes quantity of at least one byte, like '10Gi'";
const VALUE_FAULT = 'Must be at most 63 letters, digits, dashes, dots and underscores';

const labelMap = z
  .record(z.string(), z.unknown())
  .superRefine(checkLabels)
  .transform((labels) => labels as Record<string, string>);

/** Labels of a node that the pod must run on. */
export const nodeSelectorSchema = labelMap.meta({
  ...documentedAs(labelsOf(`^${KEY_PATTERN}`)),
  description: 'Labels that the node must have. A service may allow some only.',
  example: { disktype: 'ssd' },
});

/** Labels of a job: for lists, and for its objects on the cluster. */
export const labelsSchema = labelMap
  .superRefine((labels, context) => {
    for (const key of Object.keys(labels)) {
      if (RESERVED_PREFIX.test(key)) fault(context, [key], 'Is reserved');
    }
  })
  .meta({
    ...documentedAs(labelsOf(`^(?!${RESERVED})${KEY_PATTERN}`)),
    description:
      'Labels of the job; a list filters by `label=key=value`. Its objects on the cluster have them under a prefix of the service, unless its operator allows the key.',
    example: { team: 'reports' },
  });

const OBJECT_NAME_FAULT = 'Must consist of lower case letters, digits, dashes and dots';
const SYSTEM_CLASS_FAULT = 'Must not begin with system-: Kubernetes keeps these classes for its own components';

/** A priority class of the cluster. */
export const priorityClassSchema = z
  .string()
  .refine(isSubdomain, OBJECT_NAME_FAULT)
  .refine((name) => !isSystemPriorityClass(name), SYSTEM_CLASS_FAULT)
  .meta({
    maxLength: MAX_SUBDOMAIN_LENGTH,
    pattern: `^(?!system-)${SUBDOMAIN.source.slice(1)}`,
    description: 'Priority class of the pods; it must exist. A service may allow some only.',
  });

/** A queue or a storage class of the cluster. */
export function objectNameSchema(description: string): z.ZodString {
  return z
    .string()
    .refine(isSubdomain, OBJECT_NAME_FAULT)
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
    class: objectNameSchema(
      "Storage class of the claims; the cluster's default without it. A service may allow some only.",
    ).nullish(),
  })
  .refine(({ mode, class: name }) => mode !== 'ephemeral' || typeof name !== 'string', {
    path: ['class'],
    error: CLASS_FAULT,
  })
  .meta({ not: EPHEMERAL_WITH_CLASS });

/** What {@link tolerationFaults} lets pass, as JSON Schema says it. */
const TOLERATION_RULES = [
  { anyOf: [{ required: ['key'] }, { required: ['operator'], properties: { operator: { const: 'Exists' } } }] },
  { anyOf: [{ properties: { operator: { const: 'Equal' } } }, { properties: { value: { const: '' } } }] },
  { dependentSchemas: { tolerationSeconds: { required: ['effect'], properties: { effect: { const: 'NoExecute' } } } } },
];

const TOLERATION_SECONDS_FAULT = `Must be a whole number of seconds from 0 to ${MAX_TIMEOUT_SECONDS}`;

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
        tolerationSeconds: z
          .int({ error: TOLERATION_SECONDS_FAULT })
          .min(0, TOLERATION_SECONDS_FAULT)
          .max(MAX_TIMEOUT_SECONDS, TOLERATION_SECONDS_FAULT)
          .optional(),
      })
      .superRefine((toleration, context) => {
        for (const { field, message } of tolerationFaults(toleration))
          context.addIssue({ code: 'custom', path: [field], message });
      })
      .meta({ allOf: TOLERATION_RULES }),
  )
  .max(MAX_ENTRIES, `Must be at most ${MAX_ENTRIES}`)
  .meta({ description: 'Tolerations of the pods, as Kubernetes writes them. A service may allow some only.' });

function checkLabels(labels: Record<string, unknown>, context: z.RefinementCtx): void {
  const entries = Object.entries(labels);
  if (entries.length > MAX_ENTRIES) fault(context, [], `Must be at most ${MAX_ENTRIES}`);
  for (const [key, value] of entries) {
    if (!isLabelKey(key)) fault(context, [key], KEY_FAULT);
    if (typeof value !== 'string') fault(context, [key], 'Must be a string');
    else if (!LABEL_VALUE.test(value)) fault(context, [key], VALUE_FAULT);
  }
}

/** Quantities are counted in billionths. */
function isSize(text: string): boolean {
  return (parseQuantity(text) ?? 0n) >= 1_000_000_000n;
}
