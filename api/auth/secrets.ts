import type { EnvironmentValue } from '../../workflows/parameters.ts';
import { secretKeyOf } from '../../workflows/environment.ts';

/** Who may use which Secrets, or keys of them, written `name` and `name/key`. Under `*` stands what everybody may use. */
export type OwnerSecrets = Readonly<Record<string, readonly string[]>>;

const EVERYBODY = '*';

/**
 * The variables whose Secrets `owner` may not use. Names are compared exactly. Whether a Secret exists makes no difference, as nobody
 * is to find out.
 */
export function forbiddenVariables(
  environment: Readonly<Record<string, EnvironmentValue>> = {},
  owner: string | undefined,
  secrets: OwnerSecrets,
): string[] {
  const allowed = new Set([EVERYBODY, owner].flatMap((who) => ownListOf(secrets, who)));
  const isForbidden = (value: EnvironmentValue) =>
    typeof value === 'object' &&
    'secret' in value &&
    !allowed.has(value.secret) &&
    !allowed.has(secretKeyOf(value).name);
  return Object.entries(environment).flatMap(([name, value]) => (isForbidden(value) ? [name] : []));
}

/** An owner may be called `constructor`. */
function ownListOf(secrets: OwnerSecrets, who: string | undefined): readonly string[] {
  return who !== undefined && Object.hasOwn(secrets, who) ? (secrets[who] ?? []) : [];
}
