// What goes wrong for people: mistakes in forms, a reload in the middle, a session ended elsewhere, two tabs, "back".
import assert from 'node:assert/strict';
import { settled } from './harness/look.mjs';
import { poll } from './harness/market.mjs';
import { run, step } from './harness/run.mjs';
import { ask, signInSample } from './harness/samples.mjs';
import { words } from './harness/words.mjs';

const t = words('en');
const heading = (page, name) => page.getByRole('heading', { level: 1, name });

/** The first field that is wrong has the focus, and what is wrong belongs to it for those who cannot see. */
async function firstWrong(page, text) {
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-invalid') === 'true');
  const told = await page.evaluate(() => (document.activeElement.getAttribute('aria-describedby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent ?? '').join(' '));
  assert.ok(told.includes(text), `the field tells "${told}", not "${text}"`);
}

async function mistakes({ visitor, market }) {
  const { page } = visitor;
  await page.goto('/signup');
  await page.getByLabel(t('account:username')).fill('a b');
  await page.getByRole('button', { name: t('account:signup') }).click();
  await firstWrong(page, t('account:username_rule'));
  await page.getByLabel(t('account:username')).fill('ana');
  await page.getByLabel(t('account:email'), { exact: true }).fill('other@example.org');
  await page.getByLabel(/^Password$/).fill('a long enough phrase');
  visitor.expect(409, /signup$/);
  visitor.expect(422, /signup$/);
  await page.getByRole('button', { name: t('account:signup') }).click();
  await page.waitForFunction(() => document.querySelector('[aria-invalid=true], main [role=alert]:not(:empty)'));
  await page.goto('/signin');
  await page.getByRole('button', { name: t('account:signin') }).click();
  await firstWrong(page, t('account:needed'));
  await page.getByLabel(t('account:login')).fill('ana');
  await page.getByLabel(/^Password$/).fill('not the password');
  visitor.expect(401, /signin$/);
  await page.getByRole('button', { name: t('account:signin') }).click();
  await page.getByRole('main').getByRole('alert').filter({ hasText: /\S/ }).first().waitFor();
  assert.equal(await page.getByLabel(t('account:login')).inputValue(), 'ana', 'what was typed stays');
}

async function gigMistakes({ bruno: { page } }) {
  await page.goto('/gigs/new');
  await settled(page);
  await page.getByRole('button', { name: t('selling:publish') }).click();
  await firstWrong(page, t('selling:rule.title'));
}

async function reloadKeepsDraft({ bruno: { page } }) {
  const title = page.getByLabel(t('selling:gig_title'), { exact: true });
  await title.fill('A title that was typed before a reload');
  await page.reload();
  await page.getByText(t('selling:draft_found')).waitFor();
  assert.equal(await title.inputValue(), 'A title that was typed before a reload');
  await page.getByRole('button', { name: t('selling:draft_forget') }).click();
  assert.equal(await title.inputValue(), '');
}

async function conflict({ bruno }) {
  const gig = (await ask(bruno.context, '/gigs/mine?limit=1')).items[0];
  const first = bruno.page;
  const second = await bruno.context.newPage();
  for (const page of [first, second]) {
    await page.goto(`/gigs/${gig.id}/edit`);
    await settled(page);
  }
  const title = (page) => page.getByLabel(t('selling:gig_title'), { exact: true });
  await title(second).fill('Saved in the second tab, and first');
  await second.getByRole('button', { name: t('selling:save'), exact: true }).click();
  await heading(second, 'Saved in the second tab, and first').waitFor();
  await title(first).fill('Saved in the first tab, but too late');
  bruno.expect(412, /\/gigs\//);
  await first.getByRole('button', { name: t('selling:save'), exact: true }).click();
  const told = first.getByRole('alert').filter({ hasText: t('common:conflict.title') });
  await told.getByText('Saved in the second tab, and first').waitFor();
  assert.equal(await told.getByRole('listitem').count(), 1, 'only what differs is told');
  await first.getByRole('button', { name: t('common:conflict.load') }).click();
  await poll('the newer version is there', async () => (await title(first).inputValue()) === 'Saved in the second tab, and first');
  await title(second).waitFor({ state: 'detached' });
  await second.goto(`/gigs/${gig.id}/edit`);
  await settled(second);
  await title(second).fill('Saved in the second tab, once more');
  await second.getByRole('button', { name: t('selling:save'), exact: true }).click();
  await heading(second, 'Saved in the second tab, once more').waitFor();
  await title(first).fill('Saved in the first tab all the same');
  bruno.expect(412, /\/gigs\//);
  await first.getByRole('button', { name: t('selling:save'), exact: true }).click();
  await first.getByRole('button', { name: t('common:conflict.keep') }).click();
  await heading(first, 'Saved in the first tab all the same').waitFor();
  await second.close();
}

async function back({ ana: { page } }) {
  await page.goto('/search?q=logo');
  await settled(page);
  const titles = () => page.getByRole('article').getByRole('link').allInnerTexts();
  const before = await titles();
  await page.getByRole('article').getByRole('link').first().click();
  await heading(page, before[0]).waitFor();
  await page.goBack();
  await heading(page, 'logo').waitFor();
  await settled(page);
  assert.deepEqual(await titles(), before);
}

async function twoTabs({ ana }) {
  const second = await ana.context.newPage();
  await second.goto('/orders');
  await settled(second);
  await ana.page.goto('/settings');
  await settled(ana.page);
  // What the second tab asks for in the moment when only the server knows.
  for (let i = 0; i < 12; i++) ana.expect(401, /^\/api\/v1\//);
  await ana.page.getByRole('button', { name: t('common:layout.account_menu', { name: 'ana' }) }).click();
  await ana.page.getByRole('menuitem', { name: t('common:layout.sign_out') }).click();
  await ana.page.getByRole('link', { name: t('common:layout.join') }).waitFor();
  await heading(second, t('account:signin_title')).waitFor();
  assert.equal(new URL(second.url()).searchParams.get('next'), '/orders');
}

async function endedElsewhere({ bruno, market, open }) {
  const elsewhere = await open();
  await signInSample({ context: elsewhere.context, market, name: 'bruno' });
  await bruno.page.goto('/selling/gigs');
  await settled(bruno.page);
  const { cookies } = await elsewhere.context.storageState();
  const csrf = cookies.find((c) => c.name === 'csrf').value;
  for (let i = 0; i < 12; i++) bruno.expect(401, /^\/api\/v1\//);
  const done = await elsewhere.context.request.post('/api/v1/auth/signout-all', { headers: { 'X-CSRF-Token': decodeURIComponent(csrf) } });
  assert.ok(done.ok(), await done.text());
  // Nothing is pressed: the page hears of it.
  await heading(bruno.page, t('account:signin_title')).waitFor();
}

await run(
  async ({ market, open }) => {
    const [visitor, ana, bruno] = [await open(), await open(), await open()];
    await signInSample({ context: ana.context, market, name: 'ana' });
    await signInSample({ context: bruno.context, market, name: 'bruno' });
    for (const part of [mistakes, gigMistakes, reloadKeepsDraft, conflict, back, twoTabs, endedElsewhere]) {
      step(part.name);
      await part({ visitor, ana, bruno, market, open });
    }
  },
  { samples: 120 },
);
