/** Kubernetes quantities: `500m`, `128Mi`, `1e3`, `.5`. */

/** A quantity: its whole part and fraction, or its fraction alone, and its suffix. */
export const QUANTITY =
  /^\+?(?:([0-9]{1,30})(?:\.([0-9]{0,30}))?|\.([0-9]{1,30}))(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE]|[eE][+-]?[0-9]{1,2})?$/;
const DECIMAL_EXPONENTS: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const BINARY_SUFFIXES = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const NANO_EXPONENT = 9;

/**
 * The value of a quantity in billionths, the finest that Kubernetes keeps; finer ones are rounded up, as it does.
 * Undefined when it is no quantity, or a negative one.
 */
export function parseQuantity(text: string): bigint | undefined {
  const [match, whole = '', ofWhole = '', alone = '', suffix = ''] = QUANTITY.exec(text) ?? [];
  if (match === undefined) return undefined;
  const fraction = ofWhole + alone;
  const exponent = NANO_EXPONENT + decimalExponent(suffix) - fraction.length;
  return scale(BigInt(whole + fraction) * binaryFactor(suffix), exponent);
}

/** A quantity of bytes times `factor`, in whole bytes, rounded up. What is no quantity stays as it is. */
export function multiplied(text: string, factor: number): string {
  const value = parseQuantity(text);
  return value === undefined ? text : String(Math.ceil((Number(value) * factor) / 10 ** NANO_EXPONENT));
}

/** Quantities of bytes together, in whole bytes, rounded up. What is no quantity counts as none. */
export function sumOf(texts: readonly string[]): string {
  const nanos = texts.reduce((sum, text) => sum + (parseQuantity(text) ?? 0n), 0n);
  return String(scale(nanos, -NANO_EXPONENT));
}

/** The lesser of two quantities; without `most`, or when one is no quantity, the first. */
export function atMost(text: string, most: string | undefined): string {
  const limit = most === undefined ? undefined : parseQuantity(most);
  return most !== undefined && limit !== undefined && (parseQuantity(text) ?? 0n) > limit ? most : text;
}

/** True without a limit, and for one of zero, which kubelets take for none. */
export function isNoLimit(limit: string | undefined): boolean {
  return limit === undefined || parseQuantity(limit) === 0n;
}

function decimalExponent(suffix: string): number {
  return /^[eE]./.test(suffix) ? Number(suffix.slice(1)) || 0 : (DECIMAL_EXPONENTS[suffix] ?? 0);
}

function binaryFactor(suffix: string): bigint {
  return 1024n ** BigInt(BINARY_SUFFIXES.indexOf(suffix) + 1);
}

function scale(value: bigint, exponent: number): bigint {
  if (exponent >= 0) return value * 10n ** BigInt(exponent);
  const divisor = 10n ** BigInt(-exponent);
  return (value + divisor - 1n) / divisor;
}
