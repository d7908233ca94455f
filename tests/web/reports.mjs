// What pages report of themselves: their loading, ways, calls and faults as one trace each, nothing of their people,
// and nobody is disturbed where it cannot be sent.
import assert from 'node:assert/strict';
import { settled } from './harness/look.mjs';
import { poll } from './harness/market.mjs';
import { run, step } from './harness/run.mjs';
import { signInSample } from './harness/samples.mjs';
import { words } from './harness/words.mjs';

const t = words('en');

/** Hears what a person's pages send, and answers with this status. */
async function listen({ context }, status = 202) {
  const heard = { bodies: [], lines: (kind) => heard.bodies.flatMap((b) => b.trim().split('\n').map((l) => JSON.parse(l))).filter((l) => l[kind]).map((l) => l[kind]) };
  await context.route('**/intake/v2/rum/events', async (route) => {
    heard.bodies.push(route.request().postData() ?? '');
    if (status !== 202) return route.fulfill({ status });
    const answer = await route.fetch();
    assert.equal(answer.status(), 202, await answer.text());
    return route.fulfill({ response: answer });
  });
  return heard;
}

/** Everything that waits is sent when a page is hidden. */
const leave = (page) => page.evaluate(() => {
  Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => 'hidden' });
  document.dispatchEvent(new Event('visibilitychange'));
  delete document.visibilityState;
});
const reporting = (page) => page.waitForFunction(() => performance.getEntriesByType('resource').some((r) => /\/reporter-/.test(r.name)) && sessionStorage.getItem('oficio-visit'));

async function traces({ open }) {
  const visitor = await open();
  const { page } = visitor;
  const heard = await listen(visitor);
  const sent = [];
  page.on('request', (r) => sent.push({ url: r.url(), call: ['fetch', 'xhr'].includes(r.resourceType()), traceparent: r.headers().traceparent }));
  await page.goto('/');
  await settled(page);
  await reporting(page);
  const told = (what, pick) => poll(what, async () => {
    await leave(page);
    return pick();
  });
  const load = await told('the page’s loading is told', () => heard.lines('transaction').find((one) => one.type === 'page-load' && one.name === '/'));
  assert.ok(load.marks.navigationTiming.responseEnd > 0 && load.marks.agent.largestContentfulPaint > 0, JSON.stringify(load));
  const box = page.getByRole('searchbox', { name: t('common:search.label') });
  await box.fill('logo for ana@example.org');
  await box.press('Enter');
  await page.waitForURL('**/search?**');
  await settled(page);
  await page.goto('/search?q=logo');
  await settled(page);
  await reporting(page);
  await page.getByRole('article').getByRole('link').first().click();
  await page.waitForURL('**/gigs/*');
  await page.getByRole('heading', { level: 2, name: t('gig:reviews') }).waitFor();
  await settled(page);

  await page.evaluate(() => setTimeout(() => {
    throw new TypeError('cannot draw "the map of Ana"');
  }));
  await page.evaluate(() => void Promise.reject(new RangeError('too far')));
  const change = await told('the way to the gig is told, with its calls', () => heard.lines('transaction').find((one) => one.type === 'route-change' && one.name === '/gigs/{id}'));
  const spans = await told('its calls are told', () => {
    const found = heard.lines('span').filter((one) => one.trace_id === change.trace_id);
    return found.some((one) => one.name === 'GET /api/v1/gigs/{id}' && one.context.http.status_code === 200) ? found : null;
  });
  for (const span of spans) assert.ok(sent.some((r) => r.traceparent === `00-${span.trace_id}-${span.id}-01`), `${span.name} went with its trace`);
  assert.ok(sent.filter((r) => r.call && r.url.includes('/api/')).every((r) => r.traceparent), 'every call has a trace');

  const errors = await told('both faults are told', () => {
    const found = heard.lines('error').filter((e) => e.exception);
    return found.length >= 2 ? found : null;
  });
  assert.deepEqual(errors.map((e) => e.exception.message).sort(), ['RangeError: too far', 'TypeError: cannot draw "…"']);
  visitor.faults.length = 0; // the two, which were meant
  const exit = heard.lines('transaction').find((one) => one.type === 'page-exit');
  assert.ok(exit.context.tags.lcp_value > 0, JSON.stringify(exit));

  const all = heard.bodies.join('\n');
  for (const secret of ['ana@', 'logo', 'map of Ana']) assert.ok(!all.includes(secret), `"${secret}" left the browser`);
}

async function silence({ market, open }) {
  for (const status of [404, 429, 500]) {
    const ana = await open();
    const heard = await listen(ana, status);
    for (let i = 0; i < 40; i++) ana.expect(status, /^\/intake\//);
    await signInSample({ context: ana.context, market, name: 'ana' });
    await ana.page.goto('/orders');
    await settled(ana.page);
    await reporting(ana.page);
    await poll('something was sent', async () => {
      await leave(ana.page);
      return heard.bodies.length > 0;
    });
    await ana.page.getByRole('button', { name: t('common:layout.account_menu', { name: 'ana' }) }).click();
    await ana.page.getByRole('menuitem', { name: t('common:layout.settings') }).click();
    await settled(ana.page);
    assert.equal(await ana.page.getByRole('alert').filter({ hasText: /\S/ }).count(), 0);
    await ana.context.close();
  }
}

await run(
  async (parts) => {
    for (const part of [traces, silence]) {
      step(part.name);
      await part(parts);
    }
  },
  { samples: 120 },
);
