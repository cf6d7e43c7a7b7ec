/** Ways in which the service runs a whole job. */
export const VARIANTS = ['claims', 'one-pod', 'signed-urls'] as const;

/**
 * `claims`: input and output on claims, two Jobs. `one-pod`: all of a job in one pod (`storage.mode` is `ephemeral`).
 * `signed-urls`: as `claims`, with signed URLs in place of the credential of the bucket (`BUCKET_CREDENTIALS`).
 */
export type Variant = (typeof VARIANTS)[number];

/** Environment variable by which the runner sets the variant. */
export const VARIANT_VARIABLE = 'TEST_VARIANT';

/** The variant in which this process runs its jobs; `claims` unless the runner chose another. */
export function currentVariant(): Variant {
  const name = process.env[VARIANT_VARIABLE] ?? 'claims';
  const variant = VARIANTS.find((known) => known === name);
  if (variant === undefined) throw new Error(`${VARIANT_VARIABLE} is ${name}; use ${VARIANTS.join(', ')}`);
  return variant;
}

/**
 * Declares the variants of a file, at its top level. `make test` runs the first, `make test-all` each of them. A file without a
 * declaration runs once, as `claims`.
 * @throws Error when the runner chose another variant
 */
export function variants(...declared: readonly [Variant, ...Variant[]]): void {
  const variant = currentVariant();
  if (!declared.includes(variant)) throw new Error(`this file runs in ${declared.join(', ')}, not in ${variant}`);
}
