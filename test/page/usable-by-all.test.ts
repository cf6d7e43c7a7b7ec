import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { closeBrowser, openPage, violationsOn } from '../support/browser.ts';
import { required } from '../support/environment.ts';
import { aName, shellJob, submit, untilEnded } from '../support/job-client.ts';

after(closeBrowser);

const LOOKS = {
  'in light colours': { colorScheme: 'light', viewport: { width: 1280, height: 900 } },
  'in dark colours': { colorScheme: 'dark', viewport: { width: 1280, height: 900 } },
  'on a phone': { colorScheme: 'light', viewport: { width: 390, height: 844 } },
} as const;

for (const [look, settings] of Object.entries(LOOKS)) {
  test(`no page has what axe finds fault with, ${look}`, async (context) => {
    const name = aName('page-axe');
    await submit(name, shellJob('echo said; echo kept >/output/a; exit 3', { outputs_on: 'always' }));
    await untilEnded(name);
    const page = await openPage(context, settings);
    await page.getByRole('link', { name }).waitFor();
    assert.deepEqual(await violationsOn(page), []);
    await page.getByRole('link', { name }).click();
    await page.getByRole('log').getByText('said').waitFor();
    assert.deepEqual(await violationsOn(page), []);
    await page.getByRole('button', { name: 'Run again' }).click();
    await page.getByLabel('Image').waitFor();
    assert.deepEqual(await violationsOn(page), []);
    const width = await page.evaluate<number>('document.documentElement.scrollWidth');
    assert.ok(width <= settings.viewport.width, `${width} pixels wide`);
  });
}

test('a job is found and opened by the keyboard alone', async (context) => {
  const name = aName('page-keys');
  await submit(name, shellJob('true'));
  await untilEnded(name);
  const page = await openPage(context, { url: `${required('API_URL')}/#/?name=${name}` });
  const link = page.getByRole('link', { name });
  await link.waitFor();
  const focused = link.and(page.locator(':focus'));
  for (let tabs = 0; tabs < 60 && (await focused.count()) === 0; tabs++) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name }).waitFor();
});
