/** What an operator does with API keys, apart from where they are kept and where it is said. */
import { Command, InvalidArgumentError } from 'commander';
import type { ApiKey, ApiKeys } from '../../store/keys.ts';
import { isInForce, newKey } from './key.ts';
import { SCOPES, scopesIn } from './principal.ts';

/** With what the commands work. */
export interface KeyCommandDeps {
  readonly keys: Pick<ApiKeys, 'create' | 'list' | 'revoke'>;
  /** Takes what was asked for. */
  readonly say: (line: string) => void;
  /** Takes what people should know beside it. */
  readonly note: (line: string) => void;
  /** The clock, in epoch milliseconds; the system's by default. */
  readonly now?: () => number;
}

const DAY_MS = 86_400_000;
const OWNER = /^[!-~]{1,200}$/;

interface CreateOptions {
  readonly owner: string;
  readonly scopes: readonly string[];
  readonly expiresDays?: number;
}

/** `create`, `list` and `revoke`, ready for `parseAsync`. */
export function createKeyCommands(deps: KeyCommandDeps): Command {
  const program = new Command('npm run api-keys --').description(
    'API keys. MongoDB is found by the same variables of the environment by which the API finds it.',
  );
  program
    .command('create')
    .description('makes a key, and shows it this once')
    .requiredOption('--owner <name>', 'whose jobs the key sends and sees', parseOwner)
    .requiredOption('--scopes <scopes>', `what it is for, by comma: ${SCOPES.join(', ')}`, parseScopes)
    .option('--expires-days <days>', 'days until it ends by itself (default: it does not)', parseDays)
    .action((options: CreateOptions) => create(deps, options));
  program
    .command('list')
    .description('shows all keys, without their secrets')
    .action(() => list(deps));
  program
    .command('revoke <id>')
    .description('ends a key for good')
    .action((id: string) => revoke(deps, id));
  return program;
}

async function create({ keys, say, note, now = Date.now }: KeyCommandDeps, options: CreateOptions): Promise<void> {
  const { owner, scopes, expiresDays } = options;
  const { id, secretHash, text } = newKey();
  const created = now();
  const expires = expiresDays !== undefined && { expires: created + expiresDays * DAY_MS };
  await keys.create({ id, secretHash, owner, scopes, created, ...expires });
  note(`Key ${id} of ${owner} for ${scopes.join(', ')}. It is not shown again: only a hash of it is kept.`);
  say(text);
}

const HEADINGS = ['ID', 'OWNER', 'SCOPES', 'STATE', 'CREATED', 'LAST USED', 'EXPIRES', 'REVOKED'];

async function list({ keys, say, now = Date.now }: KeyCommandDeps): Promise<void> {
  const all = await keys.list();
  const rows = [HEADINGS, ...all.map((key) => rowOf(key, now()))];
  const widths = HEADINGS.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  for (const row of rows)
    say(
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    );
}

function rowOf(key: ApiKey, nowMs: number): string[] {
  const { id, owner, scopes, created, lastUsed, expires, revoked } = key;
  const state = isInForce(key, nowMs) ? 'good' : revoked === undefined ? 'expired' : 'revoked';
  return [id, owner, scopes.join(','), state, ...[created, lastUsed, expires, revoked].map(timeOf)];
}

function timeOf(timeMs: number | undefined): string {
  return timeMs === undefined ? '-' : `${new Date(timeMs).toISOString().slice(0, 16)}Z`;
}

async function revoke({ keys, note, now = Date.now }: KeyCommandDeps, id: string): Promise<void> {
  if (!(await keys.revoke(id, now()))) throw new Error(`there is no key ${id} that could be revoked`);
  note(`Key ${id} is revoked. API processes that have just seen it take it for some seconds more.`);
}

function parseOwner(text: string): string {
  if (OWNER.test(text) && text !== '*') return text;
  throw new InvalidArgumentError('It must have 1 to 200 visible ASCII characters, and not be *.');
}

function parseScopes(text: string): readonly string[] {
  const words = text.split(',').map((word) => word.trim());
  const scopes = [...scopesIn(words)];
  if (scopes.length === new Set(words).size) return scopes;
  throw new InvalidArgumentError(`Known are ${SCOPES.join(', ')}.`);
}

function parseDays(text: string): number {
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number from 1 to 99999.');
}
