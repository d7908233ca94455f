// An order from an offer to its acceptance, as two people at once see it: what one does changes what the other looks at, and
// takes nothing away from them; who has pressed something finds the focus where the page goes on.
import assert from 'node:assert/strict';
import { settled } from './harness/look.mjs';
import { png } from './harness/pictures.mjs';
import { run, step } from './harness/run.mjs';
import { ask, signInSample } from './harness/samples.mjs';
import { words } from './harness/words.mjs';

const focused = async (page, locator) => page.waitForFunction((e) => e === document.activeElement, await locator.elementHandle());
const next = (page, t) => page.waitForFunction((name) => document.activeElement.matches('h2') && document.activeElement.textContent === name, t('orders:next'));

/** The offer as somebody sees it: inside the conversation, its title once, one day being one day. */
async function offered(page, t, text) {
  const log = page.getByRole('log');
  await log.getByText(text).waitFor();
  const card = log.locator('.mantine-Card-root').filter({ hasText: text });
  const told = await card.innerText();
  assert.match(told, /1,?234[.,]50/, 'the cents are cents');
  assert.ok(told.includes(`${t('inbox:offer.days_of_one', { count: 1 })}, ${t('inbox:offer.revisions_of_one', { count: 1 })}`), told);
  const [inner, outer] = [await card.boundingBox(), await log.boundingBox()];
  assert.ok(inner.x >= outer.x && inner.x + inner.width <= outer.x + outer.width, `the card ${JSON.stringify(inner)} is inside ${JSON.stringify(outer)}`);
  const title = told.split('\n')[0];
  const said = await card.evaluate((e) => e.parentElement.innerText);
  assert.equal(said.split(title).length, 2, `the title is there once: ${said}`);
  return card;
}

async function offer({ ana, bruno }, t, conversation, text, price) {
  await ana.page.goto(conversation);
  await settled(ana.page);
  await bruno.page.goto(conversation);
  await bruno.page.getByRole('button', { name: t('inbox:offer.make') }).click();
  const dialog = bruno.page.getByRole('dialog');
  const fill = (key, value) => dialog.getByRole('textbox', { name: t(`inbox:offer.${key}`) }).fill(value);
  await fill('description', text);
  // As a keyboard of their language has it.
  await dialog.getByRole('textbox', { name: t('inbox:offer.price') }).pressSequentially(price);
  assert.equal(await dialog.getByRole('textbox', { name: t('inbox:offer.price') }).inputValue(), price, 'it shows what was typed');
  await fill('days', '1');
  await dialog.getByRole('button', { name: t('inbox:offer.send') }).click();
  await dialog.waitFor({ state: 'detached' });
  return { sellers: await offered(bruno.page, t, text), buyers: await offered(ana.page, t, text) };
}

async function card(page, t, number) {
  await page.getByRole('textbox', { name: t('orders:pay.card') }).fill(number);
  await page.getByRole('textbox', { name: t('orders:pay.expiry') }).fill('12/30');
  await page.getByRole('textbox', { name: t('orders:pay.cvc') }).fill('123');
  const button = page.getByRole('button', { name: new RegExp(`^${t('orders:pay.now', { total: '' }).trim()}`) });
  await button.click();
  return button;
}

async function pay({ ana }, t) {
  const { page } = ana;
  ana.expect(402, /\/pay$/);
  const button = await card(page, t, '4000 0000 0000 0002');
  await page.getByRole('alert').filter({ hasText: t('common:error.code.card_declined') }).first().waitFor();
  await focused(page, button);
  await card(page, t, '4000 0000 0000 3220');
  const confirm = page.getByRole('button', { name: t('orders:pay.confirm') });
  await focused(page, confirm);
  await page.getByRole('button', { name: t('orders:pay.other_card') }).click();
  await focused(page, page.getByRole('textbox', { name: t('orders:pay.card') }));
  await card(page, t, '4000 0000 0000 3220');
  await confirm.click();
  await page.waitForURL('**/orders/*');
  await page.getByText(t('orders:status.awaiting_requirements')).first().waitFor();
  return new URL(page.url()).pathname;
}

/** The buyer asks for something while the seller writes: what is written, and the file, stay. */
async function meanwhile({ ana, bruno }, t) {
  const { page } = bruno;
  const text = page.getByRole('textbox', { name: t('orders:deliver.message') });
  await text.fill('Half of it');
  await page.locator('input[type=file]').setInputFiles({ name: 'work.png', mimeType: 'image/png', buffer: png(300, 200) });
  const file = page.getByRole('button', { name: t('common:files.remove', { name: 'work.png' }) });
  await file.waitFor();
  await ana.page.getByRole('button', { name: t('orders:cancel.title') }).click();
  const dialog = ana.page.getByRole('dialog');
  await dialog.getByRole('textbox').fill('Other plans');
  await dialog.getByRole('button', { name: t('orders:cancel.send') }).click();
  await next(ana.page, t);
  await page.getByText('Other plans').waitFor();
  assert.equal(await text.inputValue(), 'Half of it');
  await page.getByRole('button', { name: t('orders:cancel.reject') }).click();
  await next(page, t);
  assert.equal(await text.inputValue(), 'Half of it');
  assert.equal(await file.count(), 1);
  await page.getByRole('button', { name: t('orders:deliver.send'), exact: true }).click();
  await page.getByText(t('orders:delivered.waits')).waitFor();
  await next(page, t);
}

async function work(both, t, path) {
  const { ana, bruno } = both;
  await bruno.page.goto(path);
  await settled(bruno.page);
  step('what is pressed goes, and the focus goes on to what is next');
  await ana.page.getByRole('textbox', { name: t('orders:requirements.label') }).fill('Twenty pages');
  await ana.page.getByRole('button', { name: t('orders:requirements.send') }).click();
  await ana.page.getByText('Twenty pages').waitFor();
  await next(ana.page, t);
  step('what the other side asks meanwhile takes away nothing that was written');
  await meanwhile(both, t);
  await ana.page.getByRole('button', { name: t('orders:delivered.accept') }).click();
  await ana.page.getByText(t('orders:status.completed')).first().waitFor();
  await next(ana.page, t);
  step('a review, and what another tab of the same person knows of it');
  const second = await ana.context.newPage();
  await second.goto(path);
  await settled(second);
  await ana.page.getByRole('radio', { name: t('common:rating.mark_other', { count: 5 }) }).check();
  await ana.page.getByRole('textbox', { name: t('orders:review.text') }).fill('As wished');
  await ana.page.getByRole('button', { name: t('orders:review.send') }).click();
  await next(ana.page, t);
  await second.getByText('As wished').waitFor();
  await second.getByText(t('orders:review.done')).waitFor();
  await second.close();
}

async function journey({ market, open }, language, width) {
  const t = words(language);
  const how = { locale: language, width, height: width < 500 ? 844 : 900, colorScheme: width < 500 ? 'dark' : 'light' };
  const both = { ana: await open(how), bruno: await open(how) };
  for (const [name, one] of Object.entries(both)) await signInSample({ context: one.context, market, name });
  const { ana, bruno } = both;
  const { items } = await ask(ana.context, '/conversations?limit=100');
  const conversation = `/conversations/${items.find((c) => c.with.username === 'bruno').id}`;

  step(`${language} at ${width}: an offer, as both see it`);
  const shown = await offer(both, t, conversation, `All of it, in ${language}.`, language === 'es' ? '1234,5' : '1234.5');
  step('a card that is declined, the bank’s step, another card: said in their language, the focus where it goes on');
  await shown.buyers.getByRole('link', { name: t('inbox:offer.accept') }).click();
  await ana.page.getByRole('heading', { level: 1, name: t('orders:checkout.title') }).waitFor();
  const path = await pay(both, t);
  step('the offer is an order now: on the seller’s page that is open, and when the buyer goes back');
  await shown.sellers.getByText(t('inbox:offer.status.ordered')).waitFor();
  await ana.page.goBack();
  await shown.buyers.getByText(t('inbox:offer.status.ordered')).waitFor();
  await ana.page.goForward();
  await work(both, t, path);

  step('a wrong password is told in their language');
  await ana.page.goto('/settings/password');
  ana.expect(403, /\/change$/);
  await ana.page.getByLabel(t('settings:old_password'), { exact: true }).fill('this was never it');
  await ana.page.getByLabel(t('settings:new_password'), { exact: true }).fill('long enough for everybody');
  await ana.page.getByRole('button', { name: t('settings:change_password') }).click();
  await ana.page.getByRole('alert').filter({ hasText: t('common:error.code.wrong_password') }).first().waitFor();
  for (const one of [ana, bruno]) await one.context.close();
}

await run(
  async (parts) => {
    await journey(parts, 'es', 390);
    await journey(parts, 'en', 1280);
  },
  { samples: 120 },
);
