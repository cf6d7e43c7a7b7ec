/** A value as JSON text, which takes a tenth of the memory that its objects take: thousands are kept, and few are looked at. */
export type Packed<T> = string & { readonly packed?: T };

/** What JSON does not know, like a Date, comes back as what it makes of it. */
export function pack<T>(value: T): Packed<T> {
  return JSON.stringify(value);
}

export function unpack<T>(packed: Packed<T>): T {
  return JSON.parse(packed) as T;
}
