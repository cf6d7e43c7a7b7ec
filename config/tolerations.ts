/** Rules of Kubernetes over several fields of a toleration. */
import type { Toleration } from '../workflows/parameters.ts';

/** What is wrong with a field of a toleration. */
interface TolerationFault {
  readonly field: keyof Toleration;
  readonly message: string;
}

/** All that Kubernetes' own validation would refuse although each field is valid. */
export function tolerationFaults(toleration: {
  [K in keyof Toleration]?: Toleration[K] | undefined;
}): TolerationFault[] {
  const { key, operator, value, effect, tolerationSeconds } = toleration;
  const isTimed = tolerationSeconds !== undefined;
  const faults: readonly (readonly [boolean, keyof Toleration, string])[] = [
    [key === undefined && operator !== 'Exists', 'operator', 'Must be Exists when there is no key'],
    [operator === 'Exists' && Boolean(value), 'value', 'Must be absent when the operator is Exists'],
    [isTimed && effect !== 'NoExecute', 'effect', 'Must be NoExecute when there are tolerationSeconds'],
  ];
  return faults.filter(([isFault]) => isFault).map(([, field, message]) => ({ field, message }));
}
