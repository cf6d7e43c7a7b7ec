import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const MEBIBYTE = 1024 ** 2;

/** A body of `POST /batch/`, and how often it is sent at one time. */
export interface HostileBody {
  readonly text: string;
  readonly times: number;
}

/** Bodies by which one caller could take an API's memory: such as the limits refuse, and such as come up to them. */
export function hostileBodies(): Readonly<Record<string, HostileBody>> {
  return {
    'bad-names': { text: badNames(3 * MEBIBYTE), times: 1 },
    nested: { text: '['.repeat(12 * MEBIBYTE), times: 1 },
    large: { text: inputOf(60 * MEBIBYTE), times: 2 },
    'nearly-too-many-names': { text: badNames(98_000), times: 4 },
    'nearly-too-large': { text: inputOf(2 * MEBIBYTE), times: 8 },
  };
}

/** Writes the bodies into a folder. @returns paths, one for each time that a body is sent */
export function writeHostileBodies(folder: string): string[] {
  return Object.entries(hostileBodies()).flatMap(([name, { text, times }]) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return Array<string>(times).fill(path);
  });
}

/** A job with names of variables that are none, of about so many bytes. */
function badNames(sizeBytes: number): string {
  const names = Array.from({ length: sizeBytes / 10 }, (_, at) => `"=${String(at).padStart(4, '0')}":1`);
  return `{"job_parameters":{"docker_image":"a","environment_variables":{${names.join()}}}}`;
}

/** A job of so many bytes whose image is refused, and whose input is Base64. */
function inputOf(sizeBytes: number): string {
  const [head, tail] = ['{"job_parameters":{"docker_image":"REFUSED","input_zip":"', '"}}'];
  const length = sizeBytes - head.length - tail.length;
  return head + 'A'.repeat(length - (length % 4)) + tail;
}
