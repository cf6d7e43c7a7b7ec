import type { Variant } from '../support/variants.ts';
import { VARIANTS } from '../support/variants.ts';

const DECLARATION = /^variants\(([^)]*)\);$/m;

/**
 * The variants that a test file declares by `variants(…)`; pure.
 * @param source text of the file
 * @throws Error for a name that is no variant
 */
export function declaredVariants(source: string): readonly Variant[] {
  const list = DECLARATION.exec(source)?.[1];
  return list === undefined ? ['claims'] : [...list.matchAll(/'([^']*)'/g)].map(([, name = '']) => variantOf(name));
}

function variantOf(name: string): Variant {
  const variant = VARIANTS.find((known) => known === name);
  if (variant === undefined) throw new Error(`variants('${name}') is unknown; use ${VARIANTS.join(', ')}`);
  return variant;
}
