/** What the commands need of the world. */
import type { Readable } from 'node:stream';
import type { JobClient } from '../client/client.ts';
import type { Server } from '../client/calls.ts';
import type { Terminal } from './terminal.ts';

/** The world of one call of `ktr`. */
export interface CliDeps {
  readonly terminal: Terminal;
  readonly stdin: Readable;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly createClient: (server: Server) => JobClient;
  /** Calls `handle` at each Ctrl-C, in place of ending; the answer takes it back. */
  readonly onInterrupt: (handle: () => void) => () => void;
  readonly nowMs: () => number;
}

/** What a command that calls the service has at hand. */
export interface Session extends CliDeps {
  readonly client: JobClient;
  readonly server: Server;
}

/** Carries out a command: what it resolves with becomes the exit code, 0 without it. */
export type Carry = (command: (session: Session) => Promise<number | void>) => Promise<void>;
