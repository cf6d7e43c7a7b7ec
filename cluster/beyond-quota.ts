import { parseQuantity } from './quantity.ts';

/** How the API server words what a quota refuses. */
const EXCEEDED = /exceeded quota: [^,]+, requested: (\S+), used: \S+, limited: (\S+)/;

/**
 * True when a quota alone is smaller than what is asked for, so that nothing that others free can help. A quota of zero is taken for one
 * that is raised again: so a namespace is held.
 */
export function isBeyondQuota(message: string): boolean {
  const [, requested, limited] = EXCEEDED.exec(message) ?? [];
  const limits = quantitiesIn(limited);
  return [...quantitiesIn(requested)].some(([resource, quantity]) => {
    const limit = limits.get(resource) ?? 0n;
    return limit > 0n && quantity > limit;
  });
}

function quantitiesIn(text = ''): Map<string, bigint> {
  const pairs = text.split(',').map((pair) => pair.split('='));
  return new Map(pairs.map(([resource = '', quantity = '']) => [resource, parseQuantity(quantity) ?? 0n]));
}
