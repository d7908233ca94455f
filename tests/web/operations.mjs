// The operators' console: what really happened is found there, everybody can use it (axe-core, keyboard), and only
// operators see it.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { faultsOf, scheme, settled } from './harness/look.mjs';
import { poll } from './harness/market.mjs';
import { run, step } from './harness/run.mjs';
import { ask, signInSample } from './harness/samples.mjs';
import { words } from './harness/words.mjs';

const t = words('en');
const photos = process.env.OFICIO_PHOTOS ?? '';
const hex = (bytes) => randomBytes(bytes).toString('hex');

/** What a browser would tell of a page that failed. */
async function report({ context }, trace) {
  const lines = [
    { metadata: { service: { name: 'oficio-web', version: '1', agent: { name: 'rum-js', version: 'test' } } } },
    {
      transaction: {
        id: hex(8), trace_id: trace, name: '/gigs/{id}', type: 'page-load', duration: 900, span_count: { started: 0 }, outcome: 'success',
        marks: { agent: { largestContentfulPaint: 640, firstContentfulPaint: 300, timeToFirstByte: 40 } }, experience: { cls: 0.01 },
        context: { page: { url: 'http://market.example/gigs/1?token=secret' } },
      },
    },
    {
      error: {
        id: hex(16), trace_id: trace, culprit: 'draw', context: { page: { url: 'http://market.example/gigs/1' } },
        exception: { type: 'TypeError', message: 'the map cannot be drawn', handled: false, stacktrace: [{ abs_path: 'http://market.example/assets/index-Cx81hf2_.js', filename: 'index-Cx81hf2_.js', function: 'draw', lineno: 3, colno: 14 }] },
      },
    },
  ];
  const answer = await context.request.post('/intake/v2/rum/events', { headers: { 'Content-Type': 'application/x-ndjson' }, data: lines.map((l) => JSON.stringify(l)).join('\n') });
  assert.equal(answer.status(), 202);
}

/** A search whose trace is known, and what the console's own questions must bring before its pages are looked at. */
async function happenings(olga) {
  const trace = hex(16);
  const browser = hex(16);
  await olga.context.request.get('/api/v1/gigs/search?q=logo', { headers: { traceparent: `00-${trace}-${hex(8)}-01` } });
  await report(olga, browser);
  await poll('the trace is recorded', async () => {
    const answer = await olga.context.request.get(`/api/v1/ops/traces/${trace}`);
    return answer.ok() && (await answer.json()).entries.some((e) => e.service === 'gigs' && e.kind === 'transaction');
  });
  await poll('the fault is recorded', async () => (await ask(olga.context, '/ops/browser')).errors.length > 0);
  return { trace, browser };
}

async function overview({ page }) {
  await page.goto('/');
  await settled(page);
  await page.getByRole('button', { name: t('common:layout.account_menu', { name: 'olga' }) }).click();
  await page.getByRole('menuitem', { name: t('common:layout.operations') }).click();
  await page.waitForURL('**/ops');
  await settled(page);
  await page.getByRole('heading', { level: 1, name: t('ops:title') }).waitFor();
  const routes = page.getByRole('region', { name: t('ops:by_route') });
  await routes.getByRole('row', { name: /GET \/api\/v1\/gigs\/search/ }).waitFor();
  await page.getByRole('region', { name: t('ops:by_service') }).getByRole('row', { name: /^gigs/ }).waitFor();
  await page.locator('canvas').nth(1).waitFor(); // both charts
  await page.getByLabel(t('ops:service'), { exact: true }).selectOption('gigs');
  await routes.getByRole('row', { name: /GET \/gigs\/search/ }).waitFor();
}

async function waterfall({ page }, { trace }) {
  await page.goto(`/ops/logs?trace=${trace}`);
  await settled(page);
  const line = page.getByRole('list', { name: t('ops:view.logs') }).getByRole('listitem').first();
  await line.locator('summary').focus();
  await page.keyboard.press('Enter');
  await line.getByRole('link', { name: t('ops:show_trace') }).click();
  await page.waitForURL(`**/ops/traces/${trace}`);
  await settled(page);
  const rows = page.getByRole('list', { name: t('ops:waterfall') }).getByRole('listitem');
  await rows.filter({ hasText: 'gateway' }).first().waitFor();
  await rows.filter({ hasText: 'GET /gigs/search' }).first().waitFor();
}

async function logs({ page }) {
  await page.goto('/ops/logs');
  await settled(page);
  const lines = page.getByRole('list', { name: t('ops:view.logs') }).getByRole('listitem');
  await lines.first().waitFor();
  await page.getByLabel(t('ops:words')).fill('nothing says this');
  await page.getByRole('form', { name: t('ops:filters') }).getByRole('button').click();
  await page.getByText(t('ops:no_logs'), { exact: true }).waitFor();
  await page.getByLabel(t('ops:words')).fill('request');
  await page.keyboard.press('Enter');
  await lines.first().waitFor();
  await page.getByLabel(t('ops:service'), { exact: true }).selectOption('gateway');
  await page.waitForURL('**service=gateway**');
  await lines.filter({ hasText: 'gateway' }).first().waitFor();
}

async function others({ page }) {
  await page.goto('/ops/services');
  await settled(page);
  await page.getByRole('row', { name: new RegExp(`^orders ${t('ops:state.ok')}`) }).waitFor();
  await page.getByRole('row', { name: /^gateway gigs external/ }).waitFor();
  await page.goto('/ops/errors');
  await settled(page);
  const group = page.getByRole('listitem').filter({ hasText: 'the map cannot be drawn' });
  await group.locator('summary').click();
  await group.getByText('at draw (index-Cx81hf2_.js:3:14)').waitFor();
  await page.goto('/ops/browser');
  await settled(page);
  await page.getByText('640 ms').first().waitFor();
  await page.getByRole('row', { name: /\/gigs\/\{id\}/ }).waitFor();
  await page.goto('/ops/events');
  await settled(page);
  await page.getByText(t('ops:no_dead_letters')).waitFor();
  // Queues of which there is nothing to say are folded, and found with the keyboard.
  const users = page.getByRole('row', { name: /^users\./ }).first();
  assert.equal(await users.isVisible(), false);
  await page.getByText(/^\d+ queues are empty$/).focus();
  await page.keyboard.press('Enter');
  await users.waitFor();
}

/** From a figure to one of its requests, to its trace; and from what a complaint has, an id, to the same. */
async function requests({ page, context }, { trace }) {
  await page.goto('/ops');
  await settled(page);
  await page.getByRole('region', { name: t('ops:by_route') }).getByRole('link', { name: 'GET /api/v1/gigs/search', exact: true }).click();
  await page.waitForURL('**/ops/requests?**order=slowest');
  await settled(page);
  const table = page.getByRole('group', { name: t('ops:view.requests') });
  await table.getByRole('row', { name: /200 .* GET \/api\/v1\/gigs\/search gateway/ }).first().waitFor();
  assert.equal(await table.getByRole('row', { name: /gigs\/\{id\}/ }).count(), 0);
  const answer = await context.request.get('/api/v1/gigs/00000000-0000-7000-8000-000000000000');
  assert.equal(answer.status(), 404);
  const id = answer.headers()['x-request-id'];
  await poll('the request is recorded', async () => (await ask(context, `/ops/requests?request_id=${id}`)).items.length > 1);
  const field = page.getByLabel(t('ops:request_or_trace'));
  await field.fill(` ${id.toUpperCase()} `);
  await field.press('Enter');
  await page.waitForURL(`**request=${id}**`);
  const found = table.getByRole('row', { name: /404/ });
  await found.first().waitFor();
  assert.equal(await found.count(), 2, 'at the gateway and at the service');
  await found.first().getByRole('link').click();
  await page.waitForURL('**/ops/traces/*');
  await page.goto('/ops/requests?failed=true&service=chat');
  await settled(page);
  await page.getByText(t('ops:no_requests'), { exact: true }).waitFor();
  await field.fill(trace);
  await field.press('Enter');
  await page.waitForURL(`**/ops/traces/${trace}`);
}

/** What the gateway does with a dead letter has tests of its own; here is what the page asks for. */
async function replay({ page }) {
  const letter = { id: '0198c2f0-0000-7000-8000-000000000001', queue: 'notifications.notices', type: 'users.notice.created', subject: 'x', reason: 'mail_unavailable: away', attempts: 7, died_at: '2026-01-31T09:30:00.000Z', trace_id: 'a'.repeat(32) };
  let asked = null;
  await page.route('**/api/v1/ops/events?**', (route) =>
    route.fulfill({ json: { items: asked ? [] : [letter], next_cursor: null, queues: [{ name: letter.queue, waiting: 0, dead: asked ? 0 : 1 }], away: ['reviews'] } }));
  await page.route('**/api/v1/ops/events/*/replay**', (route) => {
    asked = route.request();
    return route.fulfill({ status: 204 });
  });
  await page.goto('/ops/events');
  await settled(page);
  await page.getByText(t('ops:away', { services: 'reviews' })).waitFor();
  assert.equal(await page.getByRole('link', { name: `${t('ops:show_trace')}: ${letter.type}` }).getAttribute('href'), `/ops/traces/${letter.trace_id}`);
  await page.getByRole('row', { name: 'notifications.notices 0 1', exact: true }).waitFor();
  await page.getByRole('button', { name: t('ops:replay_of', letter) }).click();
  await page.getByText(t('ops:no_dead_letters')).waitFor();
  assert.equal(asked.method(), 'POST');
  assert.ok(asked.url().endsWith(`/${letter.id}/replay?queue=${letter.queue}`), asked.url());
  assert.ok(asked.headers()['x-csrf-token'], 'it proves where it comes from');
  await page.unrouteAll();
}

/** All that are shown at once; that somebody else was faster with one is no failure. */
async function replayAll({ page, expect }) {
  const letters = ['1', '2', '3'].map((n) => ({ id: n, queue: 'users.orders', type: 'orders.order.placed', subject: n, reason: 'x', attempts: 7, died_at: '2026-01-31T09:30:00.000Z', trace_id: null }));
  const asked = [];
  await page.route('**/api/v1/ops/events?**', (route) =>
    route.fulfill({ json: { items: asked.length ? [] : letters, next_cursor: null, queues: [], away: [] } }));
  await page.route('**/api/v1/ops/events/*/replay**', (route) => {
    asked.push(new URL(route.request().url()).pathname.split('/').at(-2));
    return asked.length === 2 ? route.fulfill({ status: 404, contentType: 'application/problem+json', json: { status: 404, code: 'not_found', title: 'Not Found' } }) : route.fulfill({ status: 204 });
  });
  expect(404, /replay$/);
  await page.goto('/ops/events');
  await settled(page);
  await page.getByRole('button', { name: t('ops:replay_all', { count: 3 }) }).click();
  await page.getByText(t('ops:no_dead_letters')).waitFor();
  assert.deepEqual(asked, ['1', '2', '3']);
  await page.unrouteAll();
}

/** On a telephone too: all that can be done with a dead letter is in view, and nothing has to be moved sideways for it. */
async function deadOnTelephone({ page }) {
  const letters = ['notifications.notices', 'users.orders.of_buyers'].map((queue, n) => ({
    id: `0198c2f0-0000-7000-8000-00000000000${n}`, queue, type: 'users.notification_settings.changed', subject: 'x', attempts: 7, died_at: '2026-01-31T09:30:00.000Z', trace_id: 'a'.repeat(32),
    reason: 'mail_unavailable: The mail server did not take it: 451 4.3.0 requested_action_aborted_because_of_an_error_in_its_processing',
  }));
  await page.route('**/api/v1/ops/events?**', (route) => route.fulfill({ json: { items: letters, next_cursor: null, queues: [], away: [] } }));
  const before = page.viewportSize();
  for (const width of [390, 320, 1280]) {
    await page.setViewportSize({ width, height: 844 });
    await page.goto('/ops/events');
    await settled(page);
    for (const letter of letters) {
      for (const one of [page.getByRole('button', { name: t('ops:replay_of', letter) }), page.getByRole('link', { name: `${t('ops:show_trace')}: ${letter.type}` }).first()]) {
        const { x, width: wide } = await one.boundingBox();
        assert.ok(x >= 0 && x + wide <= width, `at ${width} px it lies from ${x} to ${x + wide}`);
      }
    }
    for (const shade of ['light', 'dark']) {
      await scheme(page, shade);
      assert.deepEqual(await faultsOf(page), []);
      if (photos) await page.screenshot({ path: join(photos, `dead-${width}-${shade}.png`), fullPage: true });
    }
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  }
  await page.setViewportSize(before);
  await page.unrouteAll();
}

/** More errors than one page has; one that came meanwhile moves another to the next page, and is not shown twice. */
async function moreErrors({ page }) {
  const at = '2026-01-31T09:30:00.000Z';
  const group = (key) => ({ key, service: 'orders', type: 'std::logic_error', message: `fault ${key}`, culprit: 'f', stack: 'at f', trace_id: '', page: '', count: 2, people: 0, first_at: at, last_at: at });
  const cursors = [];
  await page.route('**/api/v1/ops/errors?**', (route) => {
    const cursor = new URL(route.request().url()).searchParams.get('cursor');
    cursors.push(cursor);
    return route.fulfill({ json: cursor ? { items: [group('b'), group('c')], next_cursor: null } : { items: [group('a'), group('b')], next_cursor: 'after-b' } });
  });
  await page.goto('/ops/errors');
  await settled(page);
  const groups = page.getByRole('listitem').filter({ hasText: /fault [abc]/ });
  assert.equal(await groups.count(), 2);
  const more = page.getByRole('button', { name: t('common:action.more') });
  await more.click();
  await groups.filter({ hasText: 'fault c' }).waitFor();
  assert.equal(await groups.count(), 3);
  assert.equal(await more.count(), 0);
  assert.equal(cursors.at(-1), 'after-b');
  await page.unrouteAll();
}

/** Every view as everybody must be able to use it, and photographs of it. */
async function looks({ page }, { trace }) {
  const wrong = [];
  const views = ['', '/requests', '/errors', '/logs', '/services', '/browser', '/events', `/traces/${trace}`];
  if (photos) mkdirSync(photos, { recursive: true });
  for (const view of views) {
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    await page.goto(`/ops${view}`);
    await settled(page);
    // Opened where there is one. Asking for an element waits until there is: so it is counted first.
    const folded = page.locator('main details');
    if (await folded.count()) await folded.first().evaluate((e) => (e.open = true));
    for (const size of [{ width: 1280, height: 900 }, { width: 390, height: 844 }]) {
      await page.setViewportSize(size);
      for (const shade of ['light', 'dark']) {
        await scheme(page, shade);
        for (const fault of await faultsOf(page)) wrong.push(`${view} ${size.width} ${shade}: ${fault}`);
        const name = (view.split('/')[1] || 'overview') + `-${size.width}-${shade}.png`;
        if (photos) await page.screenshot({ path: join(photos, name), fullPage: true });
      }
    }
  }
  assert.deepEqual(wrong, []);
}

async function notForOthers({ market, open }) {
  const ana = await open();
  await signInSample({ context: ana.context, market, name: 'ana' });
  await ana.page.goto('/ops');
  await settled(ana.page);
  await ana.page.getByRole('heading', { level: 1, name: t('ops:not_allowed.title') }).waitFor();
  assert.deepEqual(await faultsOf(ana.page), []);
  await ana.page.getByRole('button', { name: t('common:layout.account_menu', { name: 'ana' }) }).click();
  assert.equal(await ana.page.getByRole('menuitem', { name: t('common:layout.operations') }).count(), 0);
  assert.equal((await ana.context.request.get('/api/v1/ops/overview')).status(), 403);
  const visitor = await open();
  await visitor.page.goto('/ops/logs');
  await visitor.page.waitForURL('**/signin?next=**');
}

await run(
  async (parts) => {
    const olga = await parts.open();
    await signInSample({ context: olga.context, market: parts.market, name: 'olga' });
    const happened = await happenings(olga);
    for (const part of [overview, logs, waterfall, requests, others, replay, replayAll, deadOnTelephone, moreErrors, looks]) {
      step(part.name);
      await part(olga, happened);
    }
    step(notForOthers.name);
    await notForOthers(parts);
  },
  { samples: 60, settings: ['log.level=debug'] }, // at which each request is a line
);
