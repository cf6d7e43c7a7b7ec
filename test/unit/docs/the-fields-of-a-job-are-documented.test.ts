import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jobSchema } from '../../../api/schemas/job.ts';
import { presentedJobSchema } from '../../../api/schemas/presented.ts';
import { textOf } from '../../support/compose.ts';

const text = textOf('docs/api.md');

/** The first cells of the table below a heading, and what the second ones say. */
function tableBelow(heading: string): { fields: string; meanings: string } {
  const [, section = ''] = text.split(`\n## ${heading}\n`);
  const rows =
    section
      .split('\n## ')[0]
      ?.split('\n')
      .filter((line) => line.startsWith('| `')) ?? [];
  const cells = rows.map((row) => row.split(' | '));
  return { fields: cells.map(([first]) => first).join('\n'), meanings: cells.map(([, second]) => second).join('\n') };
}

test('docs/api.md has every field of a job that is shown', () => {
  const { fields } = tableBelow('GET /batch/:id');
  for (const name of Object.keys(presentedJobSchema.shape)) assert.ok(fields.includes(`\`${name}\``), name);
});

test('docs/api.md has every parameter of a job that is sent, and all that its storage takes', () => {
  const { fields, meanings } = tableBelow('POST /batch/');
  const { job_parameters: parameters } = jobSchema.shape;
  for (const name of Object.keys(parameters.shape))
    assert.match(fields, new RegExp(`(?:\`job_parameters)?\\.${name}\``), name);
  const { storage } = parameters.shape;
  for (const name of Object.keys(storage.unwrap().unwrap().shape)) assert.ok(meanings.includes(`\`${name}\``), name);
});

test('commands of a checkout pass their options to ktr, and not to npx', () => {
  for (const document of ['README.md', 'docs/command-line.md'])
    assert.doesNotMatch(textOf(document), /npx --no ktr/, document);
});
