import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { closeBrowser, openPage, violationsOn } from '../support/browser.ts';
import { createAuthenticate } from '../../api/auth/bearer.ts';
import { createOidcVerifier } from '../../api/auth/oidc.ts';
import { pageScope } from '../../api/auth/principal.ts';
import { createChangeWaiter } from '../../store/changes.ts';
import { startApi } from '../support/api-server.ts';
import { openStore } from '../support/open-store.ts';
import { startSignInProvider } from '../support/openid-provider.ts';
import { startGuardedApi } from '../support/guarded-api.ts';
import { aJob } from '../support/job-builder.ts';

after(closeBrowser);

const FOLDER = join(import.meta.dirname, '..', '..', 'dist', 'page');

test('who has no key sees nothing, and who has one sees his jobs and can leave', async (context) => {
  assert.ok(existsSync(FOLDER), 'the page has not been built: `npm run build` does it');
  const api = await startGuardedApi(context, { page: { folder: FOLDER, auth: ['keys'] } });
  await api.store.record(aJob({ name: 'of-ann', owner: 'ann' }));
  await api.store.record(aJob({ name: 'of-bob', owner: 'bob' }));
  const { text } = await api.as('ann', 'read');
  const page = await openPage(context, { url: api.url, expectsTrouble: true });
  assert.deepEqual(await violationsOn(page), []);

  await page.getByLabel('API key').fill('wrong');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').getByText(/\w/).waitFor();
  await page.getByLabel('API key').fill(text);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('link', { name: 'of-ann' }).waitFor();
  assert.equal(await page.getByText('of-bob').count(), 0);

  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('API key').waitFor();
  assert.equal(await page.evaluate(() => sessionStorage.length + localStorage.length), 0);
});

test('who signs in at a provider sees his jobs, where he wanted to go', async (context) => {
  const [provider, store] = [await startSignInProvider(context), await openStore(context)];
  const audience = 'https://jobs.example/api';
  const verify = createOidcVerifier({
    issuer: provider.url,
    audience,
    algorithms: ['ES256'],
    ownerClaim: 'sub',
    scopesClaim: 'scope',
  });
  const oidc = { issuer: provider.url, client_id: provider.clientId, audience, scope: pageScope(false) };
  const page = { folder: FOLDER, auth: ['oidc'], oidc };
  const authenticate = createAuthenticate(verify);
  const api = await startApi(context, { store, changes: createChangeWaiter(store), authenticate, page });
  await provider.sendBackTo(`${api.url}/`);
  const job = aJob({ name: 'of-ann', owner: `${provider.url}#ann` });
  await store.record(job);

  const opened = await openPage(context, { url: `${api.url}/#/jobs/${job.id}`, expectsTrouble: true });
  await opened.getByRole('button', { name: 'Sign in with your account' }).click();
  await opened.locator('input[name=login]').fill('ann');
  await opened.locator('input[name=password]').fill('any');
  await opened.locator('button[type=submit]').click();
  await opened.getByRole('button', { name: 'Continue' }).click();
  await opened.getByRole('heading', { name: 'of-ann' }).waitFor();
  assert.equal(opened.url(), `${api.url}/#/jobs/${job.id}`);

  const stranger = await openPage(context, { url: `${api.url}/?code=made&state=up`, expectsTrouble: true });
  await stranger.getByRole('alert').getByText('The provider did not sign you in').waitFor();
});

test('the page loads nothing from elsewhere, and its policy lets nothing in', async (context) => {
  const api = await startGuardedApi(context, { page: { folder: FOLDER, auth: [] } });
  const page = await openPage(context, { url: 'about:blank', expectsTrouble: true });
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).origin));
  const answer = await page.goto(api.url);
  await page.getByRole('heading', { name: 'Jobs' }).waitFor();
  assert.deepEqual([...new Set(asked)], [api.url]);
  const policy = String(answer?.headers()['content-security-policy']);
  assert.match(policy, /^default-src 'none'; script-src 'self'; style-src 'self'/);
  assert.doesNotMatch(policy, /unsafe/);
});
