/** What `ktr` keeps between two calls: services by name, and which of them is used. */
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import envPaths from 'env-paths';
import writeFileAtomic from 'write-file-atomic';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { UsageError } from '../errors.ts';

const contextSchema = z.strictObject({ server: z.url(), api_key: z.string().exactOptional() });
const configSchema = z.strictObject({
  current: z.string().exactOptional(),
  contexts: z.record(z.string(), contextSchema).default({}),
});

/** A service, and the credential that is meant for it. */
export type Context = z.infer<typeof contextSchema>;
/** The file as a whole. */
export type Config = z.infer<typeof configSchema>;

/** Where the file is: `KTR_CONFIG`, or the place that the platform has for such files. */
export function configPathOf(env: Readonly<Record<string, string | undefined>>): string {
  return env['KTR_CONFIG'] ?? join(envPaths('kubernetes-task-runner', { suffix: '' }).config, 'config.yaml');
}

/** What the file says; nothing when there is none. @throws UsageError when it cannot be understood */
export async function readConfig(path: string): Promise<Config> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  const parsed = configSchema.safeParse(parsedYaml(text) ?? {});
  if (parsed.success) return parsed.data;
  throw new UsageError(
    `${path} cannot be read:\n${z.prettifyError(parsed.error)}\nMend it, or remove it and sign in again by \`ktr login\`.`,
  );
}

/** Replaces the file as a whole; it holds credentials, and nobody else may read it. */
export async function writeConfig(path: string, config: Config): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFileAtomic(path, stringify(config), { mode: 0o600 });
}

function parsedYaml(text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    return String(error);
  }
}
