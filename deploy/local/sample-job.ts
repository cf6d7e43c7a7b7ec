import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';

const SAMPLE_FOLDER = join(import.meta.dirname, 'sample');

/** Entries of a zip carry a time of change; with one that never differs, equal texts give an equal zip. */
const MODIFIED = new Date(1980, 0, 1);

const COUNT_WORDS = `
set -eu
cd /input
for text in *.txt; do
  printf '%6d  %s\\n' "$(wc -w < "$text")" "$text"
done | tee /output/counts.txt
echo "$(ls | wc -l) texts have $(cat -- *.txt | wc -w) words"
`.trim();

/** A job that counts the words of each text of its input into `/output/counts.txt`. `image` needs a shell. */
export function sampleJob(image: string): { docker_image: string; command: readonly string[] } {
  return { docker_image: image, command: ['sh', '-c', COUNT_WORDS] };
}

/** The texts of the sample folder as a zip, byte for byte the same each time. */
export async function sampleZip(): Promise<Buffer<ArrayBuffer>> {
  const zip = new ZipFile();
  for (const name of await sampleTexts()) {
    zip.addFile(join(SAMPLE_FOLDER, name), name, { mtime: MODIFIED, mode: 0o100644, forceDosTimestamp: true });
  }
  zip.end();
  return Buffer.from(await buffer(zip.outputStream));
}

/** Names of the texts in the sample folder, sorted. */
export async function sampleTexts(): Promise<string[]> {
  return (await readdir(SAMPLE_FOLDER)).filter((name) => name.endsWith('.txt')).sort();
}
