// What is easily forgotten between two features: words in the page's language wherever they come from, an offer of long ago,
// an order that waits for its payment, somebody whom one has blocked, a picture beside a review.
import assert from 'node:assert/strict';
import { faultsOf, scheme, settled } from './harness/look.mjs';
import { run, step } from './harness/run.mjs';
import { ask, signInSample } from './harness/samples.mjs';
import { words } from './harness/words.mjs';

const t = words('es');
const s = (key, values) => t(`orders:${key}`, values);

/** Does something as this person, past their pages. */
async function tell(context, method, path, data) {
  const csrf = (await context.cookies()).find((c) => c.name === 'csrf')?.value ?? '';
  const answer = await context.request.fetch(`/api/v1${path}`, { method, data, headers: { 'X-CSRF-Token': csrf } });
  if (!answer.ok()) throw new Error(`${method} ${path}: ${answer.status()} ${await answer.text()}`);
  return answer.status() === 204 ? null : answer.json();
}

async function suggestions({ open, categories }) {
  step('a suggested category has its name in the language of the page, whatever was typed');
  const visitor = await open({ locale: 'es' });
  const { page } = visitor;
  await page.goto('/');
  await settled(page);
  const one = categories.flatMap((c) => c.subcategories).find((c) => c.name.en !== c.name.es && c.id === 'logo-design');
  await page.getByRole('combobox', { name: t('common:search.label') }).or(page.getByRole('searchbox', { name: t('common:search.label') })).first().fill('logo design');
  const option = page.getByRole('option').filter({ hasText: t('common:search.in_category') }).first();
  await option.waitFor();
  assert.equal((await option.innerText()).split('\n')[0], one.name.es);
  await visitor.context.close();
}

async function signingUp({ open }) {
  step('what the service alone knows to be wrong with a field is said in Spanish, at the field');
  const visitor = await open({ locale: 'es', width: 390 });
  const { page } = visitor;
  await page.goto('/signup');
  await page.getByLabel(t('account:username')).fill('carlota-vidal');
  await page.getByLabel(t('account:email'), { exact: true }).fill('carlota@example.org');
  await page.getByLabel(t('account:password'), { exact: true }).fill('carlota-vidal');
  visitor.expect(422, /signup$/);
  await page.getByRole('button', { name: t('account:signup') }).click();
  await page.getByText(t('common:error.field.too_easy.plain')).waitFor();
  await visitor.context.close();
}

async function card(page, number) {
  await page.getByLabel(s('pay.card')).fill(number);
  await page.getByLabel(s('pay.expiry')).fill('12/30');
  await page.getByLabel(s('pay.cvc')).fill('123');
  await page.getByRole('button', { name: new RegExp(`^${s('pay.now', { total: '' }).trim()}`) }).click();
}

async function paying({ ana, gig }) {
  const { page } = ana;
  step('a mistyped card is told at its field; the order that is made meanwhile is not lost');
  await page.goto(`/checkout?gig=${gig.id}&package=basic`);
  ana.expect(422, /pay$/);
  await card(page, '4242 4242 4242 4241');
  await page.getByText(t('common:error.field.at.card.invalid_card')).waitFor();
  assert.deepEqual(await faultsOf(page), []);
  const order = await page.getByRole('link', { name: s('checkout.pay_later') }).getAttribute('href');
  await page.reload();
  const waiting = page.getByText(t('common:waiting_order.is'));
  const toIt = page.getByRole('link', { name: t('common:waiting_order.go') });
  await waiting.waitFor();
  assert.deepEqual(await faultsOf(page), []);

  step('the page of its gig tells of it, and leads to it');
  await page.goto(`/gigs/${gig.id}`);
  await waiting.waitFor();
  for (const width of [390, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    for (const shade of ['dark', 'light']) {
      await scheme(page, shade);
      assert.deepEqual(await faultsOf(page), []);
    }
  }
  await toIt.click();
  await page.waitForURL((url) => url.pathname === order);
  ana.expect(402, /pay$/);
  await card(page, '4000 0000 0000 0002');
  await page.getByText(t('common:error.code.card_declined')).waitFor();
  await card(page, '4242 4242 4242 4242');
  await page.getByText(s('status.awaiting_requirements')).first().waitFor();
  const told = page.waitForResponse(/status=pending_payment/);
  await page.goto(`/gigs/${gig.id}`);
  await told;
  await settled(page);
  assert.equal(await waiting.count(), 0, 'what is paid waits no more');
}

/** To the very first message; each page is here before the next is asked for. */
async function readBack(page) {
  const messages = page.getByRole('log').locator('time');
  const older = page.getByRole('button', { name: t('inbox:older') });
  await messages.first().waitFor();
  while ((await older.count()) > 0) {
    const before = await messages.count();
    await older.click();
    await page.waitForFunction((n) => document.querySelectorAll('[role=log] time').length > n, before);
  }
}

async function offers({ ana, bruno, talk, gig }) {
  step('an offer with more than a hundred messages behind it can be accepted');
  const terms = { gig_id: gig.id, title: 'Tres mapas de los montes', description: 'Los tres, con caminos y fuentes.', price: { amount: 9_000, currency: 'USD' }, delivery_days: 5, revisions: 1 };
  const { offer } = await tell(bruno.context, 'POST', `/conversations/${talk.id}/offers`, terms);
  const { page } = ana;
  await page.goto(`/conversations/${talk.id}`);
  const offered = page.getByRole('log').locator('[tabindex="-1"]').filter({ hasText: terms.title });
  await offered.getByRole('link', { name: t('inbox:offer.accept') }).waitFor();
  const checkout = await offered.getByRole('link', { name: t('inbox:offer.accept') }).getAttribute('href');
  for (let at = 0; at < 101; at++) await tell(bruno.context, 'POST', `/conversations/${talk.id}/messages`, { text: `Más detalles, parte ${at}` });
  await page.goto(checkout);
  await page.getByText(terms.title).waitFor();
  ana.expect(402, /pay$/);
  await card(page, '4000 0000 0000 0002');
  await page.getByText(t('common:error.code.card_declined')).waitFor();

  step('an accepted offer leads to its order, which waits for the payment');
  const order = await page.getByRole('link', { name: s('checkout.pay_later') }).getAttribute('href');
  await page.goto(checkout);
  await page.waitForURL((url) => url.pathname === order);
  await page.goto(`/conversations/${talk.id}`);
  await readBack(page);
  await offered.getByRole('link', { name: t('inbox:offer.pay') }).click();
  await page.waitForURL((url) => url.pathname === order);
  await card(page, '4242 4242 4242 4242');
  await page.getByText(s('status.awaiting_requirements')).first().waitFor();
  await bruno.page.goto(`/conversations/${talk.id}`);
  await readBack(bruno.page);
  const sold = bruno.page.getByRole('log').locator('[tabindex="-1"]').filter({ hasText: terms.title });
  assert.equal(await sold.getByRole('link', { name: t('inbox:offer.to_order') }).getAttribute('href'), order);
}

async function composing({ bruno, talk }) {
  step('what one writes in is one line high on a seller\'s telephone, and says what it is for');
  const { page } = bruno;
  await page.goto(`/conversations/${talk.id}`);
  const area = page.getByRole('textbox', { name: t('inbox:write') });
  await page.getByRole('button', { name: t('inbox:offer.make') }).waitFor();
  const [height, needed, room] = await area.evaluate((e) => {
    const style = getComputedStyle(e);
    const brush = document.createElement('canvas').getContext('2d');
    brush.font = `${style.fontSize} ${style.fontFamily}`;
    return [e.clientHeight, brush.measureText(e.placeholder).width, e.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight)];
  });
  assert.ok(height < 50, `one line, not ${height} px`);
  assert.ok(needed <= room, `its ${needed} px fit into ${room}`);
}

async function blocking({ ana, bruno, talk }) {
  step('whom one has blocked one is told, and can let write again, there and in the menu');
  const { page } = ana;
  const name = { name: 'bruno' };
  const menu = () => page.getByRole('button', { name: t('inbox:more'), exact: true }).click();
  await page.goto(`/conversations/${talk.id}`);
  await menu();
  await page.getByRole('menuitem', { name: t('inbox:block', name) }).click();
  await page.getByText(t('inbox:blocked_here', name)).waitFor();
  assert.equal(await page.getByRole('textbox', { name: t('inbox:write') }).count(), 0);
  await page.reload();
  await page.getByText(t('inbox:blocked_here', name)).waitFor();
  await settled(page);
  assert.deepEqual(await faultsOf(page), []);
  await menu();
  assert.equal(await page.getByRole('menuitem', { name: t('inbox:block', name), exact: true }).count(), 0);
  await page.getByRole('menuitem', { name: t('inbox:unblock', name) }).click();
  await page.getByRole('textbox', { name: t('inbox:write') }).waitFor();
  await menu();
  await page.getByRole('menuitem', { name: t('inbox:block', name) }).click();
  await page.getByRole('button', { name: t('inbox:unblock', name) }).click();
  await page.waitForFunction((label) => document.activeElement?.getAttribute('aria-label') === label, t('inbox:write'));
  assert.equal((await ask(bruno.context, `/conversations/${talk.id}`)).blocked, false);
}

async function faces({ open }) {
  step('who has a picture has it beside what they say of a gig, too');
  const visitor = await open({ locale: 'es' });
  const { items } = await ask(visitor.context, '/sellers/bruno/reviews?limit=10');
  let seen = 0;
  for (const { from } of items) {
    const { avatar } = await ask(visitor.context, `/users/${from.username}`);
    assert.equal(from.avatar, avatar, from.username);
    seen += avatar ? 1 : 0;
  }
  assert.ok(seen > 0, 'most people of the samples have a picture');
  await visitor.page.goto('/sellers/bruno');
  await visitor.page.locator('article img[src^="/api/v1/files/"]').first().waitFor();
  await visitor.context.close();
}

await run(
  async ({ market, open }) => {
    const [ana, bruno] = [await open({ locale: 'es' }), await open({ locale: 'es', width: 390 })];
    for (const [one, name] of [[ana, 'ana'], [bruno, 'bruno']]) await signInSample({ context: one.context, market, name });
    const { items: talks } = await ask(ana.context, '/conversations?limit=100');
    const { items: gigs } = await ask(ana.context, '/sellers/bruno/gigs');
    const { items: categories } = await ask(ana.context, '/categories');
    const parts = { open, ana, bruno, categories, talk: talks.find((c) => c.with.username === 'bruno'), gig: gigs[0] };
    const all = { suggestions, signingUp, paying, composing, offers, blocking, faces };
    const chosen = process.argv.slice(3);
    for (const [name, part] of Object.entries(all)) if (chosen.length === 0 || chosen.includes(name)) await part(parts);
  },
  { samples: 120 },
);
