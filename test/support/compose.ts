import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

const REPOSITORY = join(import.meta.dirname, '..', '..');

/** The text of a file of the repository. */
export function textOf(path: string): string {
  return readFileSync(join(REPOSITORY, path), 'utf8');
}

const name = z.string().regex(/^[a-zA-Z0-9._-]+$/);
const duration = z.string().regex(/^(\d+(us|ms|s|m|h))+$/);
const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const command = z.union([z.string(), z.array(z.string())]);

const healthcheck = z.strictObject({
  test: z.array(z.string()).refine(([verb, ...rest]) => ['CMD', 'CMD-SHELL'].includes(verb ?? '') && rest.length > 0),
  interval: duration.optional(),
  timeout: duration.optional(),
  retries: z.int().positive().optional(),
  start_period: duration.optional(),
});

const service = z.strictObject({
  image: z.string(),
  build: z
    .strictObject({
      context: z.string(),
      dockerfile: z.string(),
      target: z.string(),
      args: z.record(z.string(), scalar).optional(),
    })
    .optional(),
  entrypoint: command.optional(),
  command: command.optional(),
  environment: z.record(z.string().regex(/^[A-Z][A-Z0-9_]*$/), scalar).optional(),
  ports: z.array(z.string()).optional(),
  volumes: z.array(z.string()).optional(),
  networks: z.record(name, z.strictObject({ ipv4_address: z.ipv4() })).optional(),
  depends_on: z
    .record(
      name,
      z.strictObject({
        condition: z.enum(['service_started', 'service_healthy', 'service_completed_successfully']),
      }),
    )
    .optional(),
  healthcheck: healthcheck.optional(),
  restart: z.enum(['no', 'always', 'on-failure', 'unless-stopped']).optional(),
  hostname: z.string().optional(),
  privileged: z.boolean().optional(),
  security_opt: z.array(z.string()).optional(),
  cap_drop: z.array(z.string()).optional(),
  read_only: z.boolean().optional(),
  tmpfs: z.array(z.string()).optional(),
  stop_grace_period: duration.optional(),
});

/** The Compose specification, as far as the file uses it; whatever else stands there is a fault. */
const composeFile = z
  .object({
    name: z.string().regex(/^[a-z0-9][a-z0-9_-]*$/),
    services: z.record(name, service),
    networks: z
      .record(name, z.strictObject({ ipam: z.strictObject({ config: z.array(z.object({ subnet: z.cidrv4() })) }) }))
      .optional(),
    volumes: z.record(name, z.null()).optional(),
  })
  .catchall(z.unknown());

export type ComposeFile = z.infer<typeof composeFile>;
export type ComposeService = z.infer<typeof service>;

/** Reads `docker-compose.yml`, or the given text, as the Compose specification asks. @throws ZodError */
export function readComposeFile(text = textOf('docker-compose.yml')): ComposeFile {
  return composeFile.parse(parse(text, { merge: true, strict: true, uniqueKeys: true }));
}

/** The services of `docker-compose.yml` by their names. */
export function services(file = readComposeFile()): readonly (readonly [string, ComposeService])[] {
  return Object.entries(file.services);
}

/** A service that does its work and ends: others wait for it to complete. */
export function isOneShot(service: ComposeService): boolean {
  return service.restart === 'no';
}

/** Names of the variables that a text asks Compose to fill in. */
export function variablesOf(text: string): readonly string[] {
  const withoutComments = text.replaceAll(/^\s*#.*$/gm, '');
  return [...withoutComments.matchAll(/(?<!\$)\$(?:\{(\w+)|(\w+))/g)].map(([, braced, bare]) => braced ?? bare ?? '');
}
