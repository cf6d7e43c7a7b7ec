import { textOf } from './compose.ts';

/** deploy/Dockerfile, as text that tests read. */

const dockerfile = textOf('deploy/Dockerfile');

/** The lines of one build stage; '' when there is none of this name. */
export function stage(name: string): string {
  return dockerfile.split(/^FROM /m).find((text) => text.split('\n', 1)[0]?.endsWith(` AS ${name}`)) ?? '';
}

/** What a stage copies out of the repository. */
export function copiedFiles(text: string): readonly string[] {
  const lines = [...text.matchAll(/^COPY (?!--from)(.+)$/gm)].map(([, args]) => args?.split(/\s+/) ?? []);
  return lines.flatMap((args) => args.slice(0, -1));
}

/** The program that a stage starts. */
export function entrypointOf(text: string): readonly string[] {
  return JSON.parse(/^ENTRYPOINT (.+)$/m.exec(text)?.[1] ?? '[]') as string[];
}
