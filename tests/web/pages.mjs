// Every page, as a visitor, a buyer and a seller, in light and dark, at a desk and on a telephone: it can be used by
// everybody (axe-core), nothing is wider than the window, it has one heading and a title, and no console error.
import { faultsOf, scheme, settled } from './harness/look.mjs';
import { run, step } from './harness/run.mjs';
import { ask, signInSample } from './harness/samples.mjs';

const sizes = [
  { width: 1280, height: 900 },
  { width: 390, height: 844 },
];

/** The pages of each person; an address may be asked for that is not there, with the answers that this gives. */
async function pagesOf(context) {
  const found = await ask(context, '/gigs/search?limit=1&sort=best_selling');
  const gig = found.items[0];
  const visitor = [
    '/', '/search', '/search?q=logo', '/search?q=xqzwv', `/search?category=${gig.category}&min_price=1000&delivery_days=14`, `/gigs/${gig.id}`,
    `/sellers/${gig.seller.username}`, '/signin', '/signup', '/verify', '/forgot', '/reset?token=x', { path: '/nowhere', refused: [[404, /\/nowhere$/]] },
    { path: '/gigs/00000000-0000-7000-8000-000000000000', refused: [[404, /^\/api\/v1\/gigs\//]] },
  ];
  return { gig, visitor };
}

async function orderPages(context, role) {
  const { items } = await ask(context, `/orders?role=${role}&limit=100`);
  const byStatus = new Map(items.map((o) => [o.status, o.id]));
  return [...byStatus.values()].map((id) => `/orders/${id}`);
}

async function ownPages(context, gig) {
  const talks = await ask(context, '/conversations?limit=1');
  return [
    '/', '/search', `/gigs/${gig.id}`, '/favorites', '/activity', '/orders', '/orders?role=seller', '/conversations', `/conversations/${talks.items[0].id}`,
    `/checkout?gig=${gig.id}&package=basic`, '/sell', '/gigs/new', '/selling/gigs', '/selling/earnings',
    ...['profile', 'password', 'sessions', 'notifications', 'blocked'].map((s) => `/settings/${s}`),
  ];
}

async function look(person, who, pages, wrong) {
  const { page } = person;
  for (const size of sizes) {
    await page.setViewportSize(size);
    for (const one of pages) {
      const { path, refused = [] } = typeof one === 'string' ? { path: one } : one;
      const before = person.faults.length;
      await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
      for (const [status, at] of refused) person.expect(status, at);
      await page.goto(path);
      await settled(page);
      for (const shade of ['light', 'dark']) {
        await scheme(page, shade);
        for (const fault of await faultsOf(page)) wrong.push(`${who} ${path} ${size.width} ${shade}: ${fault}`);
      }
      for (const fault of person.faults.splice(before)) wrong.push(`${who} ${path} ${size.width}: ${fault}`);
    }
  }
}

await run(
  async ({ market, open }) => {
    const wrong = [];
    const visitor = await open();
    const { gig, visitor: pages } = await pagesOf(visitor.context);
    step('a visitor');
    await look(visitor, 'visitor', pages, wrong);
    for (const name of ['ana', 'bruno']) {
      step(name);
      const person = await open();
      await signInSample({ context: person.context, market, name });
      const role = name === 'bruno' ? 'seller' : 'buyer';
      const own = [...(await ownPages(person.context, gig)), ...(await orderPages(person.context, role))];
      if (role === 'seller') own.push(`/gigs/${(await ask(person.context, '/gigs/mine?limit=1')).items[0].id}/edit`);
      await look(person, name, own, wrong);
    }
    if (wrong.length) throw new Error(`${wrong.length} faults:\n${wrong.join('\n')}`);
  },
  { samples: 120 },
);
