// One purchase in a real browser, for tests/e2e/purchase.py, which has started the market and then looks for what it has
// recorded: node purchase.mjs JSON. Prints what the page itself knows of it, as the last line.
import assert from 'node:assert/strict';
import { launch, person } from './harness/browser.mjs';
import { settled } from './harness/look.mjs';
import { poll } from './harness/market.mjs';
import { words } from './harness/words.mjs';

const { url, buyer, gig } = JSON.parse(process.argv[2]);
const t = words('en');

/** What the page asks, tells of itself, and is told at once. */
async function listen(page) {
  const heard = { calls: [], told: [], pushed: [] };
  page.on('request', (r) => {
    if (r.method() === 'POST' && r.headers().traceparent) heard.calls.push({ path: new URL(r.url()).pathname, traceparent: r.headers().traceparent });
  });
  await page.route('**/intake/v2/rum/events', async (route) => {
    const answer = await route.fetch();
    assert.equal(answer.status(), 202, await answer.text());
    await route.fulfill({ response: answer });
    heard.told.push(route.request().postData() ?? '');
  });
  page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => heard.pushed.push(String(payload))));
  return heard;
}

async function pay(page) {
  await page.getByRole('link', { name: new RegExp(t('gig:order', { price: '' }).trim()) }).click();
  await page.getByRole('heading', { level: 1, name: t('orders:checkout.title') }).waitFor();
  await settled(page);
  await page.getByRole('textbox', { name: t('orders:pay.card') }).fill('4242 4242 4242 4242');
  await page.getByRole('textbox', { name: t('orders:pay.expiry') }).fill('12/39');
  await page.getByRole('textbox', { name: t('orders:pay.cvc') }).fill('123');
  await page.getByRole('button', { name: new RegExp(`^${t('orders:pay.now', { total: '' }).trim()}`) }).click();
  await page.waitForURL('**/orders/*');
  await page.getByText(t('orders:status.awaiting_requirements')).first().waitFor();
}

async function purchase(browser) {
  const { context, page, faults } = await person(browser, url);
  const heard = await listen(page);
  const signed = await context.request.post('/api/v1/auth/signin', { data: buyer });
  assert.equal(signed.status(), 200, await signed.text());
  await page.goto(`/gigs/${gig}`);
  await settled(page);
  await poll('people are told things at once', () => heard.pushed.some((frame) => frame.startsWith('40')));
  await pay(page);
  const paid = heard.calls.find((call) => call.path.endsWith('/pay'));
  assert.ok(paid, JSON.stringify(heard.calls));
  await poll('the page hears of its order', () => heard.pushed.some((frame) => frame.startsWith('42["order"')));
  const trace = paid.traceparent.slice(3, 35);
  await poll('the page has told of its click', () => heard.told.some((lines) => lines.split('\n').some((line) => line.startsWith('{"transaction"') && line.includes(trace))));
  assert.deepEqual(faults, []);
  return { trace, calls: heard.calls.filter((call) => call.traceparent.includes(trace)) };
}

const browser = await launch();
try {
  console.log(JSON.stringify(await purchase(browser)));
} finally {
  await browser.close();
}
