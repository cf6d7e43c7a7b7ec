/** Where Temporal is, by our two names and all others of its own environment configuration. */
import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { ClientConnectConfig } from '@temporalio/envconfig';
import type { Environment, Raw } from './read.ts';

/** How to reach Temporal. */
export interface TemporalConfig extends ClientConnectConfig {
  readonly namespace: string;
}

const DEFAULT_ADDRESS = 'localhost:7233';
const DEFAULT_NAMESPACE = 'default';

/**
 * Reads TEMPORAL_API_KEY, TEMPORAL_TLS_*, TEMPORAL_CONFIG_FILE and the others from the environment; `given` holds
 * TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE, which may be flags, too, and come before what a profile says.
 * Throws what Temporal's own loader throws.
 */
export function readTemporal(given: Raw, env: Environment): TemporalConfig {
  const { TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE } = given;
  const all = Object.entries({ ...env, TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE });
  const present = all.filter((entry): entry is [string, string] => Boolean(entry[1]));
  const { namespace, connectionOptions } = loadClientConnectConfig({ overrideEnvVars: Object.fromEntries(present) });
  return {
    namespace: namespace ?? DEFAULT_NAMESPACE,
    connectionOptions: { ...connectionOptions, address: connectionOptions.address ?? DEFAULT_ADDRESS },
  };
}

/** Why Temporal's settings cannot be used. */
export function temporalFaults(given: Raw, env: Environment): string[] {
  try {
    readTemporal(given, env);
    return [];
  } catch (error) {
    return [`TEMPORAL_*: ${error instanceof Error ? error.message : String(error)}`];
  }
}
