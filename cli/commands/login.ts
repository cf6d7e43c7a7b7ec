/** `ktr login` and `ktr context`: which services there are, and who calls them. */
import { password } from '@inquirer/prompts';
import { text } from 'node:stream/consumers';
import type { CliDeps } from '../deps.ts';
import { UsageError } from '../errors.ts';
import { configPathOf, readConfig, writeConfig } from '../settings/config-file.ts';
import type { Context } from '../settings/config-file.ts';
import { checked, DEFAULT_SERVER } from '../settings/server.ts';
import { tableOf } from '../show/table.ts';

/** Options of `login`. */
export interface LoginOptions {
  readonly server?: string;
  readonly context: string;
  /** The key comes on standard input. */
  readonly keyStdin?: boolean;
  /** The service asks nobody. */
  readonly anonymous?: boolean;
}

/** Keeps the address of a service and a credential that it takes, and uses them from now on. */
export async function login(deps: CliDeps, options: LoginOptions): Promise<void> {
  const server = checked(options.server ?? (deps.env['KTR_SERVER'] || DEFAULT_SERVER));
  const key = options.anonymous === true ? '' : await readKey(deps, options);
  const credential = key === '' ? {} : { credential: key };
  // A credential that does not work is not kept.
  await deps.createClient({ url: server, ...credential }).page({ limit: 1 });
  const path = configPathOf(deps.env);
  const config = await readConfig(path);
  const context: Context = { server, ...(key !== '' && { api_key: key }) };
  await writeConfig(path, { current: options.context, contexts: { ...config.contexts, [options.context]: context } });
  deps.terminal.say(`signed in to ${server}; kept as context ${options.context} in ${path}`);
}

async function readKey({ stdin, terminal }: CliDeps, { keyStdin }: LoginOptions): Promise<string> {
  if (keyStdin === true) return (await text(stdin)).trim();
  if (!terminal.canAsk)
    throw new UsageError('Nobody is there to be asked for an API key; pass it on standard input with --key-stdin.');
  return await password(
    { message: 'API key or token (empty where none is asked for):', mask: true },
    { output: terminal.stream },
  );
}

/** Forgets a context. */
export async function removeContext({ env, terminal }: CliDeps, name: string): Promise<void> {
  const path = configPathOf(env);
  const { current, contexts } = await readConfig(path);
  assertKnown(contexts, name);
  const { [name]: _removed, ...others } = contexts;
  await writeConfig(path, { ...(current !== undefined && current !== name && { current }), contexts: others });
  terminal.say(`forgot ${name}`);
}

/** Uses a context from now on. */
export async function useContext({ env, terminal }: CliDeps, name: string): Promise<void> {
  const path = configPathOf(env);
  const config = await readConfig(path);
  assertKnown(config.contexts, name);
  await writeConfig(path, { ...config, current: name });
  terminal.say(`${name} is used from now on`);
}

/** Lists the contexts, without their credentials. */
export async function listContexts({ env, terminal }: CliDeps): Promise<void> {
  const { current, contexts } = await readConfig(configPathOf(env));
  const rows = Object.entries(contexts);
  await terminal.write(
    tableOf(
      [
        ['CURRENT', ([name]) => (name === current ? '*' : ' ')],
        ['NAME', ([name]) => name],
        ['SERVER', ([, { server }]) => server],
        ['CREDENTIAL', ([, { api_key: key }]) => (key === undefined ? 'none' : 'kept')],
      ],
      rows,
    ),
  );
  if (rows.length === 0) terminal.say('There is no context; `ktr login --server URL` makes one.');
}

function assertKnown(contexts: Readonly<Record<string, Context>>, name: string): void {
  if (!Object.hasOwn(contexts, name))
    throw new UsageError(`There is no context ${name}; \`ktr context ls\` shows those that there are.`);
}
