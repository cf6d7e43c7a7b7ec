/**
 * The command for API keys: `npm run api-keys -- create --owner NAME --scopes read,submit`, `… list`, `… revoke ID`. Ends with 0 when it
 * is done, else with 1; what was asked for goes to standard output, all else to standard error.
 */
import { configOrExit, loadStoreConfig } from '../config.ts';
import { createStore } from '../store/store.ts';
import { createKeyCommands } from './auth/key-commands.ts';

const { mongo } = configOrExit(loadStoreConfig);

async function main(): Promise<void> {
  const store = await createStore(mongo);
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  const note = (line: string) => void process.stderr.write(`${line}\n`);
  try {
    await createKeyCommands({ keys: store.keys, say, note }).parseAsync();
  } finally {
    await store.close();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`Not done: ${error instanceof Error ? error.message : String(error)}.\n`);
  process.exitCode = 1;
});
