/** Signing in. */
import type { Command } from 'commander';
import { listContexts, login, removeContext, useContext } from '../commands/login.ts';
import type { LoginOptions } from '../commands/login.ts';
import type { CliDeps } from '../deps.ts';
import type { ServerOptions } from '../settings/server.ts';

/** Adds `login` and `context`. */
export function addContextCommands(program: Command, deps: CliDeps, named: () => ServerOptions): void {
  program
    .command('login')
    .description('keep the address of a service, and a credential that it takes')
    .option('--key-stdin', 'read the API key or token from standard input')
    .option('--anonymous', 'the service asks nobody')
    .action((options: Omit<LoginOptions, 'context' | 'server'>) => {
      const { server, context = 'default' } = named();
      return login(deps, { ...options, context, ...(server !== undefined && { server }) });
    });
  const context = program.command('context').description('services that were signed in to');
  context
    .command('ls')
    .description('list them')
    .action(() => listContexts(deps));
  context
    .command('use')
    .description('use one from now on')
    .argument('<name>')
    .action((name: string) => useContext(deps, name));
  context
    .command('rm')
    .description('forget one')
    .argument('<name>')
    .action((name: string) => removeContext(deps, name));
}
