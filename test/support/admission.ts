import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { KubernetesObject, V1ValidatingAdmissionPolicy } from '@kubernetes/client-node';
import type { Closing } from './scope.ts';
import { runTool } from './tools.ts';

/** Policies by which the API server judges what the worker makes. */

/** The kinds of which such a policy consists. */
export const POLICY_KINDS = ['ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding'];

/** Settings of the worker and the API that the policies know. */
export interface PolicySettings {
  readonly transferImage: string;
  readonly bucketEndpoint: string;
  readonly ownerSecrets: readonly string[];
}

/** The policy with these settings in the place of those that are shipped; a binding as it is. */
export function withSettings(object: KubernetesObject, settings: PolicySettings): KubernetesObject {
  if (object.kind !== 'ValidatingAdmissionPolicy') return object;
  const { spec, ...rest } = object as V1ValidatingAdmissionPolicy;
  const values: Readonly<Record<string, unknown>> = {
    ...settings,
    transferRepository: settings.transferImage.replace(/(:[^/:@]+)?(@.*)?$/, ''),
  };
  const variables = spec?.variables?.map(({ name, expression }) => ({
    name,
    expression: name in values ? JSON.stringify(values[name]) : expression,
  }));
  return { ...rest, spec: { ...spec, variables } } as KubernetesObject;
}

/** Applies objects, and removes the policies among them when the test ends, as they are in no namespace. */
export async function applyWithPolicies(context: Closing, items: readonly unknown[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'applied-'));
  const file = join(folder, 'objects.json');
  await writeFile(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  await runTool('kubectl', 'apply', '--filename', file);
  await rm(folder, { recursive: true });
  const policies = (items as readonly KubernetesObject[]).filter(({ kind }) => POLICY_KINDS.includes(kind ?? ''));
  for (const { kind = '', metadata } of policies)
    context.after(() => runTool('kubectl', 'delete', kind, metadata?.name ?? '', '--ignore-not-found', '--wait=false'));
}

/** What the cluster finds wrong with the types in the expressions of a policy, once it has checked them. */
export async function typeWarningsOf(policy: string): Promise<readonly unknown[]> {
  for (const endMs = Date.now() + 60_000; Date.now() < endMs; await delay(200)) {
    const text = await runTool('kubectl', 'get', 'validatingadmissionpolicy', policy, '--output=json');
    const { status } = JSON.parse(text) as V1ValidatingAdmissionPolicy;
    if (status?.typeChecking) return status.typeChecking.expressionWarnings ?? [];
  }
  throw new Error(`the policy ${policy} has not been checked within a minute`);
}
