import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { succeeds } from '../../deploy/local/command.ts';
import { aptInstall } from '../../deploy/local/packages.ts';
import { required } from './environment.ts';

/** A page that does not get somewhere in this time is stuck. */
const TIMEOUT_MS = 60_000;

/** The name of a page of somebody else, which means this machine for the browser. */
export const REBOUND_NAME = 'rebound.example';

/** Nothing of the browser's own goes to the network. */
const FLAGS = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  // As after DNS rebinding, in a browser that does not ask before a page reaches this machine.
  '--disable-features=LocalNetworkAccessChecks',
  `--host-resolver-rules=MAP ${REBOUND_NAME} 127.0.0.1`,
];

let browser: Promise<Browser> | undefined;

async function launch(): Promise<Browser> {
  if (!(await succeeds('chromium', ['--version']))) await aptInstall(['chromium'], '/dev/null');
  return await chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS });
}

/** How the page is looked at. */
export interface PageOptions extends BrowserContextOptions {
  /** Default: that of the service. */
  readonly url?: string;
  /** True: what the browser complains of is meant to be. */
  readonly expectsTrouble?: boolean;
}

/** Opens the page of the service in a browser; whatever goes wrong within it fails the test. */
export async function openPage(context: TestContext, options: PageOptions = {}): Promise<Page> {
  const { url: address = required('API_URL'), expectsTrouble = false, ...settings } = options;
  const opened = await (browser ??= launch());
  const session = await opened.newContext({ acceptDownloads: true, ...settings });
  session.setDefaultTimeout(TIMEOUT_MS);
  const page = await session.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  // A log or an input that is not there is no fault of the page. And a browser breaks off what is under way when its machine gets or
  // loses an address, as a node does with each pod; that the page gets over it, a test sees by what it waits for.
  const isFault = (text: string) => !/Failed to load resource.*(?:404|ERR_NETWORK_CHANGED)/.test(text);
  page.on('console', (message) => {
    const [text, { url }] = [message.text(), message.location()];
    if (message.type() === 'error' && isFault(text)) faults.push(`${text} (${url})`);
  });
  context.after(async () => {
    await session.close();
    if (faults.length > 0 && !expectsTrouble) throw new Error(`the page said: ${faults.join('\n')}`);
  });
  await page.goto(address);
  return page;
}

/** What makes a page hard to use for some people, by the rules of axe. */
export async function violationsOn(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

/** Closes the browser; a test file does so at its end. */
export async function closeBrowser(): Promise<void> {
  await (await browser)?.close();
  browser = undefined;
}

const PICTURES = join(import.meta.dirname, '..', '..', 'docs', 'images');

/** Takes a picture for the documents, when those are made anew: `make pictures`. */
export async function takePicture(page: Page, name: string): Promise<void> {
  if (process.env['PICTURES'] === undefined) return;
  await page.screenshot({ path: join(PICTURES, `${name}.png`), animations: 'disabled' });
}
