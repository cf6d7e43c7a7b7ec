/** Schemas for where and how a pod runs: names, labels and tolerations as Kubernetes accepts them. */
import { z } from 'zod';
import type { Toleration } from '../../workflows/contract.ts';
import { parseQuantity } from './quantity.ts';

const LABEL_NAME = /^[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const LABEL_VALUE = /^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;
/** A name of a cluster's object: an RFC 1123 subdomain. */
const SUBDOMAIN = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?)*$/;
const MAX_SUBDOMAIN_LENGTH = 253;
const MAX_ENTRIES = 64;

/** Labels by which we, Kubernetes and Kueue tell objects apart: a job that carried them could pass for another. */
const RESERVED_PREFIX =
  /^(?:kubernetes-task-runner\/|app\.kubernetes\.io\/managed-by$|(?:[^/]*[.-])?(?:kubernetes|k8s)\.io\/|controller-uid$|job-name$)/;

const KEY_FAULT = "Must be a Kubernetes label key, like 'team' or 'example.com/team'";
const SIZE_FAULT = "Must be a Kubernetes quantity of at least one byte, like '10Gi'";
const VALUE_FAULT = 'Must be at most 63 letters, digits, dashes, dots and underscores';

/** True for `name` or `prefix/name`, as Kubernetes writes keys of labels and taints. */
export function isLabelKey(key: string): boolean {
  const [name = '', prefix, ...more] = key.split('/').reverse();
  return LABEL_NAME.test(name) && (prefix === undefined || isSubdomain(prefix)) && more.length === 0;
}

const labelMap = z
  .record(z.string(), z.unknown())
  .superRefine(checkLabels)
  .transform((labels) => labels as Record<string, string>);

/** Labels of a node that the pod must run on. */
export const nodeSelectorSchema = labelMap.meta({ description: 'labels that the node must have' });

/** Labels for the job's objects on the cluster, and for lists. */
export const labelsSchema = labelMap
  .superRefine((labels, context) => {
    for (const key of Object.keys(labels)) {
      if (RESERVED_PREFIX.test(key)) context.addIssue({ code: 'custom', path: [key], message: 'Is reserved' });
    }
  })
  .meta({ description: "labels of the job and of its objects on the cluster; a list filters by 'label=key=value'" });

/** A priority class, a queue or a storage class of the cluster. */
export function objectNameSchema(description: string): z.ZodString {
  return z
    .string()
    .refine(isSubdomain, 'Must consist of lower case letters, digits, dashes and dots')
    .meta({ description });
}

/** Size and class of the claims. */
export const storageSchema = z.strictObject({
  size: z
    .union([z.string(), z.number()], { error: SIZE_FAULT })
    .transform(String)
    .refine(isSize, SIZE_FAULT)
    .nullish()
    .meta({ description: 'size of each claim of the job, as a Kubernetes quantity' }),
  class: objectNameSchema("storage class of the claims; the cluster's default without it").nullish(),
});

/** Tolerations in Kubernetes' own words. */
export const tolerationsSchema = z
  .array(
    z
      .strictObject({
        key: z.string().refine(isLabelKey, KEY_FAULT).optional(),
        operator: z.enum(['Exists', 'Equal'], { error: 'Must be Exists or Equal' }).optional(),
        value: z.string().regex(LABEL_VALUE, VALUE_FAULT).optional(),
        effect: z
          .enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute'], {
            error: 'Must be NoSchedule, PreferNoSchedule or NoExecute',
          })
          .optional(),
        tolerationSeconds: z.int({ error: 'Must be a whole number' }).min(0, 'Must be at least 0').optional(),
      })
      .superRefine(checkToleration),
  )
  .max(MAX_ENTRIES, `Must be at most ${MAX_ENTRIES}`)
  .meta({ description: 'tolerations of the pods, as Kubernetes writes them' });

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
