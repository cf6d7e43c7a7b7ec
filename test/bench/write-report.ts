import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import type { Figure } from './figure.ts';
import type { Machine } from './machine.ts';
import { reportOf } from './report.ts';
import type { Subject } from './report.ts';

/** Writes the report into `docs`, and the numbers of each run beside it; shows it, too. */
export async function writeReport(
  repository: string,
  figures: readonly Figure[],
  machine: Machine,
  subject: Subject,
): Promise<void> {
  const texts = { md: reportOf(figures, machine, subject), json: JSON.stringify({ machine, figures }) };
  for (const [ending, text] of Object.entries(texts)) {
    const filepath = join(repository, 'docs', `${subject.file}.${ending}`);
    await writeFile(filepath, await format(text, { ...(await resolveConfig(filepath)), filepath }));
  }
  console.log(texts.md);
}
