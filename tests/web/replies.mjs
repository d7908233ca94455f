// A seller replies to a review: on the page of the gig, seen there, on the seller's page and on the order's by both.
import assert from 'node:assert/strict';
import { faultsOf, settled } from './harness/look.mjs';
import { run, step } from './harness/run.mjs';
import { ask, signInSample } from './harness/samples.mjs';
import { words } from './harness/words.mjs';

const said = (page, review) => page.getByRole('article').filter({ hasText: review.text.slice(0, 60) }).filter({ hasText: review.from.username }).first();
const opener = (where, t, review) => where.getByRole('button', { name: t('common:review.reply_to', { name: review.from.username }) });

async function write(page, t, review) {
  await opener(said(page, review), t, review).click();
  const area = said(page, review).getByRole('textbox', { name: t('common:review.reply_text') });
  await page.waitForFunction((e) => e === document.activeElement, await area.elementHandle());
  return area;
}

async function reply({ market, open, review, buyer }, language, width) {
  const t = words(language);
  const text = `Thank you, it was a pleasure (${language}).`;
  const send = (page) => said(page, review).getByRole('button', { name: t('common:review.reply_send') }).click();
  const bruno = await open({ locale: language, width });
  await signInSample({ context: bruno.context, market, name: 'bruno' });
  const { page } = bruno;
  step(`${language} at ${width}: nobody else is asked for a reply`);
  await buyer.page.goto(`/gigs/${review.gig_id}`);
  await said(buyer.page, review).waitFor();
  assert.equal(await opener(said(buyer.page, review), t, review).count(), 0);
  await buyer.page.goto(`/orders/${review.order_id}`);
  await said(buyer.page, review).waitFor();

  step('an empty one is refused, and what was thought better of leaves the focus where it was');
  await page.goto(`/gigs/${review.gig_id}`);
  const area = await write(page, t, review);
  await send(page);
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-invalid') === 'true');
  await page.getByText(t('common:review.reply_needed')).waitFor();
  assert.deepEqual(await faultsOf(page), []);
  await said(page, review).getByRole('button', { name: t('common:action.cancel') }).click();
  await page.waitForFunction((e) => e === document.activeElement, await opener(said(page, review), t, review).elementHandle());

  step('it is published, while another device has the form open; the buyer sees it at once, and so does another tab');
  const device = await open({ locale: language, width });
  await signInSample({ context: device.context, market, name: 'bruno' });
  const second = device.page;
  const tab = await bruno.context.newPage();
  await tab.goto(`/orders/${review.order_id}`);
  await opener(said(tab, review), t, review).waitFor();
  await second.goto(`/orders/${review.order_id}`);
  await (await write(second, t, review)).fill('Another reply, too late.');
  await write(page, t, review);
  await area.fill(text);
  await bruno.cut(true);
  await send(page);
  await said(page, review).getByRole('alert').filter({ hasText: t('common:error.code.offline') }).waitFor();
  assert.equal(await area.inputValue(), text, 'what was written stays');
  await bruno.cut(false);
  await send(page);
  await said(page, review).getByText(text).waitFor();
  await page.waitForFunction((text) => document.activeElement?.textContent.includes(text), text);
  await said(buyer.page, review).getByText(text).waitFor();
  await said(tab, review).getByText(text).waitFor();
  assert.equal(await opener(said(tab, review), t, review).count(), 0, 'once only');

  step('the other device is too late, and shows the reply that is there');
  device.expect(409, /\/reply$/);
  await send(second);
  await said(second, review).getByText(text).waitFor();

  step('it is there where the review is: the order, the seller, the gig');
  for (const path of [`/sellers/bruno`, `/orders/${review.order_id}`, `/gigs/${review.gig_id}`]) {
    await second.goto(path);
    await settled(second);
    await said(second, review).getByText(text).waitFor();
    assert.equal(await opener(said(second, review), t, review).count(), 0, 'once only');
  }
  for (const one of [bruno, device]) await one.context.close();
}

await run(
  async ({ market, open }) => {
    const visitor = await open();
    const { items } = await ask(visitor.context, '/sellers/bruno/reviews?limit=100');
    // Those on the seller's first page that can be told from others by who wrote what.
    const alike = (r, o) => r.id !== o.id && r.from.username === o.from.username && r.text.slice(0, 60) === o.text.slice(0, 60);
    const [first, second] = items.slice(0, 10).filter((r) => !r.reply && r.text.length > 10 && !items.some((o) => alike(r, o)));
    assert.ok(second, 'two reviews of bruno without a reply');
    for (const [review, language, width] of [[first, 'en', 1280], [second, 'es', 390]]) {
      const buyer = await open({ locale: language, width });
      await signInSample({ context: buyer.context, market, name: review.from.username });
      await reply({ market, open, review, buyer }, language, width);
      await buyer.context.close();
    }
  },
  { samples: 120 },
);
