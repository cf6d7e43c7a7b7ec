/** Which service a command is about. */
import type { Server } from '../../client/calls.ts';
import { UsageError } from '../errors.ts';
import type { Config } from './config-file.ts';

/** What the command line says about it. */
export interface ServerOptions {
  readonly server?: string;
  readonly context?: string;
}

/** The port of an API that nobody gave another one. */
export const DEFAULT_SERVER = 'http://127.0.0.1:4898';

/**
 * The service by, in this order, `--server`, `--context`, `KTR_SERVER`, `KTR_CONTEXT`, the context that is in use, and an API on this machine.
 * A credential of a context goes to the service of that context alone.
 * @throws UsageError for a context that there is not
 */
export function serverOf(
  options: ServerOptions,
  env: Readonly<Record<string, string | undefined>>,
  config: Config,
): Server {
  // A variable that is empty says nothing, as anywhere in a shell.
  const given = (name: string) => env[name] || undefined;
  const key = given('KTR_API_KEY');
  const credential = key === undefined ? {} : { credential: key };
  const url = options.server ?? (options.context === undefined ? given('KTR_SERVER') : undefined);
  if (url !== undefined) return { url: checked(url), ...credential };
  const name = options.context ?? given('KTR_CONTEXT') ?? config.current;
  if (name === undefined) return { url: DEFAULT_SERVER, ...credential };
  const context = Object.hasOwn(config.contexts, name) ? config.contexts[name] : undefined;
  if (context === undefined)
    throw new UsageError(`There is no context ${name}; \`ktr context ls\` shows those that there are.`);
  return { url: context.server, ...(context.api_key !== undefined && { credential: context.api_key }), ...credential };
}

/** An address without what does not belong to it. @throws UsageError when it is none */
export function checked(url: string): string {
  const parsed = URL.parse(url);
  if (parsed === null || !['http:', 'https:'].includes(parsed.protocol)) {
    throw new UsageError(`The address of a service begins with http:// or https://, not ${JSON.stringify(url)}.`);
  }
  return parsed.href.replace(/\/+$/, '');
}
