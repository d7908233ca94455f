// Makes docs/images/*.png from a sample market: node screenshots.mjs PATH-TO-OFICIO FOLDER (./oficio screenshots).
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { scheme, settled } from './harness/look.mjs';
import { run, step } from './harness/run.mjs';
import { ask, signInSample } from './harness/samples.mjs';

const folder = process.argv[3] ?? 'docs/images';
const sizes = [
  { name: 'desk', width: 1280, height: 860 },
  { name: 'phone', width: 390, height: 844 },
];

async function shoot({ page }, pages) {
  // A page keeps the font that was there when it was first painted: the pictures show later visits.
  await page.goto('/signin');
  await settled(page);
  await page.evaluate(() => document.fonts.load('16px "Inter Variable"'));
  for (const size of sizes) {
    await page.setViewportSize(size);
    for (const { name, path, shade = 'light' } of pages) {
      await scheme(page, shade).catch(() => undefined); // before the first page there is nothing to paint
      await page.goto(path);
      await settled(page);
      await scheme(page, shade);
      await page.waitForLoadState('networkidle');
      await page.screenshot({ path: join(folder, `${name}-${size.name}.png`) });
    }
  }
}

await run(
  async ({ market, open }) => {
    mkdirSync(folder, { recursive: true });
    step('as a visitor');
    const visitor = await open();
    const logos = (await ask(visitor.context, '/gigs/search?q=I%20will%20design%20logo&limit=50')).items;
    const best = logos.find((g) => g.packages.length === 3 && g.title.startsWith('I will')) ?? logos[0];
    await shoot(visitor, [
      { name: 'home', path: '/' },
      { name: 'search', path: '/search?q=logo' },
      { name: 'gig', path: `/gigs/${best.id}` },
    ]);
    step('as a seller');
    const seller = await open();
    await signInSample({ context: seller.context, market, name: 'bruno' });
    const orders = (await ask(seller.context, '/orders?role=seller&limit=100')).items;
    const order = orders.find((o) => o.status === 'in_progress') ?? orders[0];
    // With her there are offers.
    const talk = (await ask(seller.context, '/conversations?limit=100')).items.find((c) => c.with.username === 'ana');
    await shoot(seller, [
      { name: 'order', path: `/orders/${order.id}` },
      { name: 'inbox', path: `/conversations/${talk.id}` },
      { name: 'earnings', path: '/selling/earnings', shade: 'dark' },
    ]);
  },
  { samples: 600 },
);
