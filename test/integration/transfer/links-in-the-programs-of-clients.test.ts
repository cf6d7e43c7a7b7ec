import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { INSIDE_LINKS, packed, plantLinks } from '../../support/links.ts';
import { createTestFolder } from '../../support/trees.ts';
import { installUnzippers, UNZIPPERS } from '../../support/unzippers.ts';

before(installUnzippers);

for (const { program, args } of UNZIPPERS) {
  test(`${program} restores the links of an output`, async () => {
    using from = createTestFolder();
    using place = createTestFolder();
    plantLinks(from.path);
    const { zip } = await packed(from.path);
    writeFileSync(join(place.path, 'output.zip'), zip);
    const to = join(place.path, 'to');
    mkdirSync(to);
    execFileSync(program, [...args, '../output.zip'], { cwd: to });
    for (const [name, target] of Object.entries(INSIDE_LINKS)) assert.equal(readlinkSync(join(to, name)), target);
    assert.equal(readFileSync(join(to, 'through a link'), 'utf8'), 'x');
  });
}
