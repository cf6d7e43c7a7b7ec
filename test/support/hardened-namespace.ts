import { kubectl } from './operator.ts';

/** Makes the namespace refuse pods that do not keep to this level of Pod Security. */
export async function enforce(namespace: string, level: 'baseline' | 'restricted'): Promise<void> {
  await kubectl('label', 'namespace', namespace, `pod-security.kubernetes.io/enforce=${level}`);
}
