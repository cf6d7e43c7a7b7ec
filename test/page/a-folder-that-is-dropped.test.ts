import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { closeBrowser, openPage } from '../support/browser.ts';
import { required } from '../support/environment.ts';
import { aName, logOf, untilEnded } from '../support/job-client.ts';
import { createTestFolder } from '../support/trees.ts';

after(closeBrowser);

test('a folder that is dropped is what the task finds in /input', async (context) => {
  const page = await openPage(context);
  using folder = createTestFolder();
  mkdirSync(join(folder.path, 'data', 'in'), { recursive: true });
  writeFileSync(join(folder.path, 'data', 'a.txt'), 'a');
  writeFileSync(join(folder.path, 'data', 'in', 'b.txt'), 'bb');
  const name = aName('page-drop');
  await page.getByRole('button', { name: 'New job' }).click();
  await page.getByLabel('Image').fill(required('IMAGE_BUSYBOX'));
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Command').fill("sh -c 'cd /input; find . -type f | sort'");
  await drop(page, page.getByRole('group', { name: 'Input' }), join(folder.path, 'data'));
  await page.getByText('2 files, 3 B').waitFor();
  await page.getByRole('button', { name: 'Send the job' }).click();
  await page.getByRole('heading', { name }).waitFor();
  const { id, status } = await untilEnded(name);
  assert.deepEqual([status, await logOf(id)], ['succeeded', './a.txt\n./in/b.txt\n']);
});

/** As a person does it: the browser gets a path from outside. */
async function drop(page: Page, place: Locator, path: string): Promise<void> {
  const browser = await page.context().newCDPSession(page);
  await place.scrollIntoViewIfNeeded();
  const { x, y, width, height } = (await place.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  const at = { x: x + width / 2, y: y + height / 2, data: { items: [], files: [path], dragOperationsMask: 1 } };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await browser.send('Input.dispatchDragEvent', { type, ...at });
}
