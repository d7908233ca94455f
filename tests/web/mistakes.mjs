// Wrong input in the forms of the market: what is wrong is said where it belongs, nothing is lost, and nothing is sent twice.
import assert from 'node:assert/strict';
import { settled } from './harness/look.mjs';
import { run, step } from './harness/run.mjs';
import { ask, signInSample } from './harness/samples.mjs';
import { words } from './harness/words.mjs';

const t = words('en');
const letters = (n) => 'word '.repeat(n / 5);
const field = (page, label) => page.getByRole('textbox', { name: label, exact: true }).or(page.getByRole('combobox', { name: label, exact: true })).or(page.getByLabel(label, { exact: true })).first();

/** The first field that is wrong has the focus, and says what is wrong to those who cannot see, too. */
async function saidAtField(page, text) {
  await page
    .waitForFunction((wanted) => {
      const at = document.activeElement;
      const told = (at?.getAttribute('aria-describedby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent ?? '').join(' ');
      return at?.getAttribute('aria-invalid') === 'true' && told.includes(wanted);
    }, text, { timeout: 10_000 })
    .catch(async () => {
      const seen = await page.evaluate(() => `${document.activeElement.outerHTML.slice(0, 200)}; wrong: ${[...document.querySelectorAll('[aria-invalid=true]')].map((e) => e.outerHTML.slice(0, 120)).join(' | ')}; alerts: ${[...document.querySelectorAll('[role=alert]')].map((e) => e.textContent).join(' | ')}`);
      throw new Error(`"${text}" is not said at the field that has the focus: ${seen}`);
    });
}

const saidAbove = (page, text) => page.getByRole('alert').filter({ hasText: text || /\S/ }).first().waitFor({ timeout: 10_000 });

/** A form: what to type (or do), what to press, and what must be said: `wrong` at the field, `above` over the form. */
async function tryForm(person, { name, path, open, press, rows }) {
  step(name);
  const { page } = person;
  await page.goto(path);
  await settled(page);
  if (open) await page.getByRole('button', { name: open, exact: true }).click();
  for (const row of rows) {
    for (const [label, value] of Object.entries(row.type ?? {})) await field(page, label).fill(value);
    await row.then?.(page);
    if (row.refused) person.expect(...row.refused);
    await page.getByRole(open ? 'dialog' : 'main').getByRole('button', { name: row.press ?? press, exact: true }).last().click();
    if (row.wrong !== undefined) await saidAtField(page, row.wrong);
    else if (row.above !== undefined) await saidAbove(page, row.above);
    else await row.goes(page);
    for (const [label, value] of Object.entries(row.type ?? {})) {
      if ((row.wrong !== undefined || row.above !== undefined) && !row.masked) assert.equal(await field(page, label).inputValue(), value, `${name}: what was typed as ${label} stays`);
    }
  }
}

const textFile = { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('only words') };
const falsePicture = { name: 'false.png', mimeType: 'image/png', buffer: Buffer.from('no picture at all') };

async function orderOf(context, role, status, more = () => true) {
  const { items } = await ask(context, `/orders?role=${role}&status=${status}&limit=100`);
  const found = items.find(more);
  assert.ok(found, `the samples have an order that is ${status}`);
  return `/orders/${found.id}`;
}

const rule = (key) => t(`selling:rule.${key}`);

async function visitors({ open, market }) {
  const visitor = await open();
  await tryForm(visitor, {
    name: 'a forgotten password', path: '/forgot', press: t('account:forgot_send'),
    rows: [{ wrong: t('account:email_rule') }, { type: { [t('account:email')]: 'ana@' }, wrong: t('account:email_rule') }],
  });
  await tryForm(visitor, {
    name: 'a new password', path: '/reset?token=no-such-token', press: t('account:reset_send'),
    rows: [
      { wrong: t('account:password_rule') },
      { type: { [t('account:new_password')]: 'too short' }, wrong: t('account:password_rule') },
      { type: { [t('account:new_password')]: 'long enough but too late' }, refused: [422, /reset$/], above: '' },
    ],
  });
  await tryForm(visitor, {
    name: 'the code of a new browser', path: '/signin', press: t('account:signin'),
    rows: [
      { type: { [t('account:login')]: 'ana', [t('account:password')]: 'ejemplo de oficio 2026' }, goes: (page) => page.getByRole('heading', { level: 1, name: t('account:code_title') }).waitFor() },
      { above: t('account:six_digits') },
      { then: async (page) => {
        const code = await market.mail('ana@example.com', (mail) => /\b\d{6}\b/.exec(mail.text)?.[0]);
        await page.getByLabel(t('account:digit', { at: 1 })).click();
        visitor.expect(401, /otp$/);
        visitor.expect(401, /otp$/);
        await page.keyboard.type(code === '000000' ? '000001' : '000000');
      }, above: '' },
    ],
  });
  await visitor.context.close();
}

async function buyers({ ana, gig }) {
  const { context } = ana;
  const pay = (total) => t('orders:pay.now', { total });
  const card = t('orders:pay.card');
  const expiry = t('orders:pay.expiry');
  const cvc = t('orders:pay.cvc');
  await ana.page.goto(`/checkout?gig=${gig.id}&package=basic`);
  await settled(ana.page);
  const button = (await ana.page.getByRole('button', { name: new RegExp(`^${pay('').trim()}`) }).innerText()).trim();
  await tryForm(ana, {
    name: 'checkout', path: `/checkout?gig=${gig.id}&package=basic`, press: button,
    rows: [
      { wrong: t('orders:pay.card_rule') },
      { type: { [card]: '4242 4242' }, wrong: t('orders:pay.card_rule') },
      { type: { [card]: 'not a number' }, wrong: t('orders:pay.card_rule') },
      { type: { [card]: '4242 4242 4242 4242', [expiry]: '13/30' }, wrong: t('orders:pay.expiry_rule') },
      { type: { [expiry]: '12/30', [cvc]: '12' }, wrong: t('orders:pay.cvc_rule') },
      { type: { [cvc]: '12x' }, wrong: t('orders:pay.cvc_rule') },
      { type: { [card]: '4000 0000 0000 0002', [cvc]: '123' }, refused: [402, /pay$/], above: '' },
    ],
  });
  const needed = t('orders:text_needed');
  await tryForm(ana, {
    name: 'requirements', path: await orderOf(context, 'buyer', 'awaiting_requirements'), press: t('orders:requirements.send'),
    rows: [{ wrong: needed }, { type: { [t('orders:requirements.label')]: '   ' }, wrong: needed }],
  });
  const delivered = await orderOf(context, 'buyer', 'delivered', (o) => o.revisions_left > 0);
  const left = (await ask(context, delivered)).revisions_left;
  await tryForm(ana, {
    name: 'changes', path: delivered, open: t(`orders:delivered.revisions_${left === 1 ? 'one' : 'other'}`, { count: left }), press: t('orders:delivered.ask'),
    rows: [{ wrong: needed }, { type: { [t('orders:delivered.what')]: ' ' }, wrong: needed }],
  });
  await tryForm(ana, { name: 'cancelling', path: delivered, open: t('orders:cancel.title'), press: t('orders:cancel.send'), rows: [{ wrong: needed }] });
  const completed = await orderOf(context, 'buyer', 'completed', (o) => !o.reviews.buyer).catch(() => null);
  if (completed) {
    await tryForm(ana, {
      name: 'a review', path: completed, press: t('orders:review.send'),
      rows: [
        { above: t('orders:review.rating_needed') },
        { goes: (page) => page.waitForFunction(() => document.activeElement?.type === 'radio') },
        { then: (page) => page.getByRole('radio', { name: t('common:rating.mark_other', { count: 4 }) }).check(), wrong: needed },
      ],
    });
  }
  await tryForm(ana, {
    name: 'becoming a seller', path: '/sell', press: t('common:action.next'),
    rows: [
      { wrong: rule('headline') },
      { type: { [t('selling:headline')]: 'Four' }, wrong: rule('headline') },
      { type: { [t('selling:headline')]: 'I draw maps', [t('selling:about_you')]: 'Too short' }, wrong: rule('about') },
      { type: { [t('selling:about_you')]: letters(40) }, goes: (page) => page.getByRole('combobox', { name: t('selling:skills') }).waitFor() },
      { wrong: rule('skills') },
      { then: (page) => page.getByRole('combobox', { name: t('selling:skills') }).fill('maps').then(() => page.keyboard.press('Enter')), goes: (page) => page.getByRole('button', { name: t('selling:add_experience') }).waitFor() },
      { then: (page) => page.getByRole('button', { name: t('selling:add_experience') }).click(), press: t('selling:start_selling'), wrong: rule('needed') },
      { type: { [t('selling:job')]: 'Drawer', [t('selling:company')]: ' ' }, press: t('selling:start_selling'), wrong: rule('needed') },
      { type: { [t('selling:company')]: 'Own' }, then: (page) => page.getByRole('combobox', { name: t('selling:links') }).fill('my page').then(() => page.keyboard.press('Enter')), press: t('selling:start_selling'), wrong: rule('links') },
      { then: (page) => page.getByRole('combobox', { name: t('selling:links') }).press('Backspace'), type: { [t('selling:answer_hours')]: '' }, press: t('selling:start_selling'), wrong: rule('hours'), masked: true },
    ],
  });
}

async function settings({ ana }) {
  const old = t('settings:old_password');
  const next = t('settings:new_password');
  await tryForm(ana, {
    name: 'another password', path: '/settings/password', press: t('settings:change_password'),
    rows: [
      { wrong: t('settings:needed') },
      { type: { [old]: 'whatever it is', [next]: 'short' }, wrong: t('settings:password_rule') },
      { type: { [next]: 'long enough for everybody' }, refused: [403, /change$/], above: '' },
    ],
  });
  const { page } = ana;
  step('a picture of oneself');
  await page.goto('/settings/profile');
  await settled(page);
  for (const file of [falsePicture, textFile]) {
    ana.expect(415, /files$/);
    ana.expect(422, /files$/);
    await page.locator('input[type=file]').setInputFiles(file);
    await saidAbove(page, '');
  }
}

async function sellers({ bruno, ana }) {
  const { context } = bruno;
  const message = t('orders:deliver.message');
  const working = await orderOf(context, 'seller', 'in_progress');
  await tryForm(bruno, {
    name: 'a delivery', path: working, press: t('orders:deliver.send'),
    rows: [{ wrong: t('orders:text_needed') }, { type: { [message]: ' ' }, wrong: t('orders:text_needed') }],
  });
  await bruno.page.locator('input[type=file]').setInputFiles(textFile);
  await saidAbove(bruno.page, t('common:files.refused', { name: textFile.name, size: 10 }));
  bruno.expect(415, /files$/);
  bruno.expect(422, /files$/);
  await bruno.page.locator('input[type=file]').setInputFiles(falsePicture);
  await saidAbove(bruno.page, falsePicture.name);
  const days = t('orders:extension.days');
  await tryForm(bruno, {
    name: 'more time', path: working, open: t('orders:extension.title'), press: t('orders:extension.send'),
    rows: [
      { wrong: t('orders:text_needed') },
      { type: { [t('orders:extension.reason')]: 'The paper is late', [days]: '' }, wrong: t('orders:extension.days_rule') },
      { type: { [days]: '31' }, wrong: t('orders:extension.days_rule'), masked: true },
    ],
  });
  const talk = (await ask(context, '/conversations?limit=1')).items[0];
  const offer = (key) => t(`inbox:offer.${key}`);
  await tryForm(bruno, {
    name: 'an offer', path: `/conversations/${talk.id}`, open: offer('make'), press: offer('send'),
    rows: [
      { wrong: offer('needed') },
      { type: { [offer('description')]: 'A map' }, wrong: offer('price_rule') },
      { type: { [offer('price')]: '4.99' }, wrong: offer('price_rule'), masked: true },
      { type: { [offer('price')]: '50', [offer('days')]: '' }, wrong: offer('days_rule') },
      { type: { [offer('days')]: '3', [offer('revisions')]: '' }, wrong: offer('revisions_rule') },
    ],
  });
  const choose = (label, index) => (page) => page.getByLabel(label, { exact: true }).selectOption({ index });
  const s = (key, values) => t(`selling:${key}`, values);
  await tryForm(bruno, {
    name: 'a gig', path: '/gigs/new', press: s('publish'),
    rows: [
      { wrong: rule('title') },
      { type: { [s('gig_title')]: 'I draw maps' }, wrong: rule('title') },
      { type: { [s('gig_title')]: 'I will draw a map of your village', [s('description')]: 'Too short' }, wrong: rule('description') },
      { type: { [s('description')]: letters(150) }, wrong: rule('category') },
      { then: choose(s('category'), 1), wrong: rule('subcategory') },
      { then: choose(s('subcategory'), 1), wrong: rule('tags') },
      { then: (page) => page.getByRole('combobox', { name: s('tags') }).fill('maps').then(() => page.keyboard.press('Enter')), wrong: rule('package_description') },
      { type: { [s('package_description')]: 'One map' }, wrong: rule('price') },
      { type: { [s('price')]: '4' }, wrong: rule('price'), masked: true },
      { type: { [s('price')]: '40', [s('days')]: '' }, wrong: rule('days'), masked: true },
      { type: { [s('days')]: '3', [s('revisions')]: '' }, wrong: rule('revisions') },
      { type: { [s('revisions')]: '1' }, then: (page) => page.getByRole('button', { name: s('add_question') }).click(), wrong: rule('needed') },
      { type: { [s('question', { at: 1 })]: 'How large?' }, wrong: rule('needed') },
    ],
  });
  assert.ok(ana);
}

await run(
  async ({ market, open }) => {
    const [ana, bruno] = [await open(), await open()];
    await visitors({ open, market });
    await signInSample({ context: ana.context, market, name: 'ana' });
    await signInSample({ context: bruno.context, market, name: 'bruno' });
    const gig = (await ask(ana.context, '/gigs/search?limit=1')).items[0];
    const parts = { ana, bruno, gig };
    await buyers(parts);
    await settings(parts);
    await sellers(parts);
  },
  { samples: 120 },
);
