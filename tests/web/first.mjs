// What scheme.js asks for before the program is here is what the page then takes, each thing once, and nothing is left
// over; what is here before the program is drawn at once; a page whose first calls fail asks again by itself.
import { settled } from './harness/look.mjs';
import { run, step } from './harness/run.mjs';
import { ask, signInSample } from './harness/samples.mjs';

/** Opens a page and gives how often each GET of the API was made. */
async function callsOf(page, path) {
  const counts = new Map();
  const count = (r) => {
    const url = new URL(r.url());
    if (r.method() === 'GET' && url.pathname.startsWith('/api/')) counts.set(url.pathname + url.search, (counts.get(url.pathname + url.search) ?? 0) + 1);
  };
  page.on('request', count);
  await page.addInitScript(() => {
    // The calls as they were before the page took them.
    let first;
    Object.defineProperty(window, 'oficioFirst', { get: () => first, set: (v) => ((first = v), (window.askedFirst = Object.keys(v.calls))) });
  });
  await page.goto(path);
  await settled(page);
  page.off('request', count);
  return { counts, asked: await page.evaluate(() => window.askedFirst), left: await page.evaluate(() => Object.keys(window.oficioFirst.calls)) };
}

async function holds(person, path, least) {
  const page = await person.context.newPage();
  // Once the socket is up, everything is asked for again: something may have happened before.
  await page.route(/\/assets\/connection-/, (route) => route.fulfill({ contentType: 'text/javascript', body: '' }));
  const { counts, asked, left } = await callsOf(page, path);
  if (asked.length < least) throw new Error(`${path}: only ${asked.length} calls were made early, expected ${least}`);
  if (left.length) throw new Error(`${path}: asked for early, and not taken: ${left}`);
  for (const url of asked) if (counts.get(url) !== 1) throw new Error(`${path}: ${url} was asked for ${counts.get(url)} times`);
  await page.close();
}

/** What is here before the program is drawn at once: the page never shows that it waits for it. */
async function drawsAtOnce(person, path) {
  const page = await person.context.newPage();
  await page.addInitScript(() => {
    let first;
    const here = (answer) => answer.then((r) => r.clone().text());
    Object.defineProperty(window, 'oficioFirst', { get: () => first, set: (v) => ((first = v), (window.here = Promise.all(Object.values(v.calls).map((c) => here(c.answer))))) });
    window.waits = [];
    const look = () => document.querySelectorAll('#root main .mantine-Skeleton-root').forEach((e) => window.waits.push(e.parentElement.outerHTML.slice(0, 200)));
    new MutationObserver(look).observe(document, { childList: true, subtree: true });
  });
  const entry = /\/assets\/index-[^/]+\.js$/;
  await page.route(entry, async (route) => {
    await page.waitForFunction(() => window.here?.then(() => true)); // the browser looks for scripts ahead of running them
    await route.continue();
  });
  await page.goto(path);
  await settled(page);
  const waits = await page.evaluate(() => window.waits);
  if (waits.length) throw new Error(`${path}: waited for what was here: ${[...new Set(waits)].join('\n')}`);
  await page.close();
}

await run(
  async ({ market, open }) => {
    step('as a visitor');
    const visitor = await open();
    const gig = (await ask(visitor.context, '/gigs/search?limit=1&sort=best_selling')).items[0];
    await holds(visitor, '/', 2);
    await holds(visitor, '/search', 2);
    await holds(visitor, `/search?q=${encodeURIComponent('logo & (más)')}&min_price=1000&sort=rating&category=${gig.category}&nonsense=1`, 2);
    await holds(visitor, `/gigs/${gig.id}`, 2);
    await holds(visitor, `/sellers/${gig.seller.username}`, 2);
    await holds(visitor, '/signin', 0);

    step('as somebody signed in');
    const buyer = await open({ locale: 'es' });
    await signInSample({ context: buyer.context, market, name: 'ana' });
    const order = (await ask(buyer.context, '/orders?role=buyer&limit=1')).items[0];
    const talk = (await ask(buyer.context, '/conversations?limit=1')).items[0];
    await holds(buyer, '/', 3);
    await holds(buyer, `/orders/${order.id}`, 2);
    await holds(buyer, '/conversations', 2);
    await holds(buyer, `/conversations/${talk.id}`, 4);

    step('what is here before the program is drawn at once');
    for (const path of ['/conversations', `/conversations/${talk.id}`, `/orders/${order.id}`, '/search?q=logo']) await drawsAtOnce(buyer, path);

    step('the first calls get no answer');
    const unlucky = await visitor.context.newPage();
    let refused = 0;
    await unlucky.route(/\/api\/v1\/gigs\/top/, (route) => (refused++ ? route.continue() : route.abort()));
    const before = visitor.faults.length;
    await unlucky.goto('/');
    await settled(unlucky);
    await unlucky.locator('article').first().waitFor();
    if (refused < 2) throw new Error('the page did not ask again');
    visitor.faults.splice(before); // the browser's own words about the call that was cut
  },
  { samples: 200 },
);
