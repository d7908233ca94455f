// Without a network there is a page that says so and goes by itself; with one, nothing old is shown, and an update of
// the application takes over without mixing its parts with those of the version before.
import assert from 'node:assert/strict';
import { Front } from './harness/front.mjs';
import { faultsOf, scheme, settled } from './harness/look.mjs';
import { poll } from './harness/market.mjs';
import { run, step } from './harness/run.mjs';
import { words } from './harness/words.mjs';

const heading = (page, name) => page.getByRole('heading', { level: 1, name });
const titles = { en: 'You are offline', es: 'Estás sin conexión' };

/** A visitor whose browser has the worker; what it says of a network that is away is no fault. */
async function visitor(open, front, how) {
  const one = await open({ baseURL: front.url, serviceWorkers: 'allow', ...how });
  await one.page.goto('/');
  await settled(one.page);
  await one.page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated');
  return one;
}

async function withoutNetwork({ open, front }) {
  for (const [language, width] of [['en', 1280], ['es', 390]]) {
    const t = words(language);
    const one = await visitor(open, front, { locale: language, width });
    const { page } = one;
    step(`${language} at ${width}: a visit and a reload without a network`);
    await one.cut(true);
    await page.goto('/search?q=logo');
    await heading(page, titles[language]).waitFor();
    await page.reload();
    await heading(page, titles[language]).waitFor();
    for (const shade of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme: shade });
      await page.reload();
      await heading(page, titles[language]).waitFor();
      await scheme(page, shade);
      assert.deepEqual(await faultsOf(page), [], `${language} ${shade}`);
    }
    step('it loads what was asked for when the network is back, untouched');
    await one.cut(false);
    await heading(page, 'logo').waitFor();
    step('the server itself is away, and back');
    front.away = true;
    await page.goto('/search');
    await heading(page, titles[language]).waitFor();
    front.away = false;
    await heading(page, t('search:title')).waitFor();
    await one.context.close();
  }
}

const loaded = (page) => page.evaluate(() => performance.getEntriesByType('resource').map((r) => new URL(r.name).pathname).filter((p) => /^\/assets\/.*\.(js|css)$/.test(p)));
const kept = (page) =>
  page.evaluate(async () => (await (await caches.open('assets')).keys()).map((r) => new URL(r.url).pathname).filter((p) => /\.(js|css)$/.test(p)));

async function deployment({ open, front }) {
  const t = words('en');
  const one = await visitor(open, front);
  const { page } = one;
  await page.reload(); // now the worker keeps what this page needs
  await settled(page);
  assert.ok((await kept(page)).length > 3, 'the program is kept');

  step('a new version: who goes on to a page whose part is gone gets it whole, in the new version');
  front.version = 2;
  for (let i = 0; i < 20; i++) one.expect(404, /^\/assets\//);
  await page.getByRole('link', { name: t('common:layout.sign_in') }).click();
  await heading(page, t('account:signin_title')).waitFor();
  const parts = await loaded(page);
  assert.ok(parts.length > 3 && parts.every((p) => p.includes('.v2.')), `only parts of the new version: ${parts}`);
  await poll('the parts of the old version are forgotten', async () => (await kept(page)).every((p) => p.includes('.v2.')));

  step('a visit is the newest version at once, though the worker of the one before answers');
  front.version = 3;
  await page.goto('/');
  await settled(page);
  const next = await loaded(page);
  assert.ok(next.length > 3 && next.every((p) => p.includes('.v3.')), `${next}`);
  await poll('and the worker follows', async () => (await kept(page)).every((p) => p.includes('.v3.')));

  step('the program is renewed between the page and its script: it is loaded again, not left blank');
  const fresh = await open({ baseURL: front.url });
  for (let i = 0; i < 3; i++) fresh.expect(404, /^\/assets\//);
  let missing = 0;
  await fresh.page.route(/\/assets\/first-.*\.js$/, (route) => (missing++ ? route.continue() : route.fulfill({ status: 404, body: '' })));
  await fresh.page.goto('/');
  await settled(fresh.page);
  assert.ok(missing > 1);
}

await run(
  async ({ market, open }) => {
    const front = await Front.start(market.url);
    try {
      await withoutNetwork({ open, front });
      await deployment({ open, front });
    } finally {
      front.stop();
    }
  },
  { samples: 60 },
);
