// Measures the web application in Chromium behind the real gateway, with the samples in it: how soon a page is there, whether
// it jumps, how soon it answers a press, and how soon suggestions come. Each page in a fresh browser profile, so that
// nothing is cached. `node web.mjs BINARY [--rounds N] [--gigs N] [--write]`.
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { launch, person } from '../tests/web/harness/browser.mjs';
import { settled } from '../tests/web/harness/look.mjs';
import { Market } from '../tests/web/harness/market.mjs';
import { ask, signInSample } from '../tests/web/harness/samples.mjs';
import { words } from '../tests/web/harness/words.mjs';

const t = words('en');
const [binary, ...options] = process.argv.slice(2);
const option = (name, fallback) => (options.includes(name) ? Number(options[options.indexOf(name) + 1]) : fallback);
const rounds = option('--rounds', 5);
const gigs = option('--gigs', 2100);
const marks = ['<!-- web figures -->', '<!-- end of web figures -->'];

// The second is what Lighthouse calls a slow 4G telephone: 150 ms there and back, 1.6 Mbit/s down, 0.75 up.
const profiles = [
  { name: 'a desk', width: 1280, height: 900 },
  { name: 'a slow telephone', width: 390, height: 844, slow: { latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 0.75e6 / 8 }, processor: 4 },
];

const median = (values) => {
  const sorted = values.filter((v) => v !== undefined).sort((a, b) => a - b);
  return sorted.length ? sorted[Math.floor(sorted.length / 2)] : undefined;
};

/** Runs in the page before anything else: what the browser says of itself. */
function watch() {
  const seen = (window.measured = { lcp: 0, lcpOf: '', fcp: 0, cls: 0, presses: new Map() });
  new PerformanceObserver((list) => {
    for (const e of list.getEntries()) {
      seen.lcp = e.startTime;
      seen.lcpOf = e.element ? `${e.element.localName}.${[...e.element.classList].slice(-1)}` : '';
    }
  }).observe({ type: 'largest-contentful-paint', buffered: true });
  new PerformanceObserver((list) => list.getEntries().forEach((e) => e.name === 'first-contentful-paint' && (seen.fcp = e.startTime))).observe({ type: 'paint', buffered: true });
  // The sum of all shifts is never less than the score of the worst second.
  new PerformanceObserver((list) => list.getEntries().forEach((e) => !e.hadRecentInput && (seen.cls += e.value))).observe({ type: 'layout-shift', buffered: true });
  new PerformanceObserver((list) =>
    list.getEntries().forEach((e) => e.interactionId && seen.presses.set(e.interactionId, Math.max(e.duration, seen.presses.get(e.interactionId) ?? 0))),
  ).observe({ type: 'event', durationThreshold: 16, buffered: true });
}

// A window without a head still keeps room for the browser's bars. What a page paints there is never shown, so that the
// browser waits for it until something else changes: a key pressed in a field at the lower edge seemed to take that long.
async function roomFor(devtools, { width, height }) {
  const { windowId } = await devtools.send('Browser.getWindowForTarget');
  await devtools.send('Browser.setWindowBounds', { windowId, bounds: { width: width + 100, height: height + 200 } });
}

async function fresh(browser, market, profile, state) {
  const one = await person(browser, market.url, { ...profile, storageState: state });
  const devtools = await one.context.newCDPSession(one.page);
  await roomFor(devtools, profile);
  await devtools.send('Network.enable');
  if (profile.slow) await devtools.send('Network.emulateNetworkConditions', { offline: false, ...profile.slow });
  if (profile.processor) await devtools.send('Emulation.setCPUThrottlingRate', { rate: profile.processor });
  let bytes = 0;
  devtools.on('Network.loadingFinished', (e) => (bytes += e.encodedDataLength));
  await one.page.addInitScript(watch);
  return { ...one, bytes: () => bytes };
}

const painted = (page) => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50))));

/** The slowest of the presses so far, ms; 16 where the browser thought none worth telling. */
const slowest = async (page) => {
  await painted(page);
  await page.waitForTimeout(300); // what the last press changed is painted, and told
  return page.evaluate(() => Math.max(16, ...window.measured.presses.values()));
};

async function pageFigures(browser, market, profile, state, path, presses) {
  const all = [];
  let lcpOf = '';
  for (let round = 0; round < rounds; round++) {
    const one = await fresh(browser, market, profile, state);
    await one.page.goto(path);
    await settled(one.page);
    await painted(one.page);
    const seen = await one.page.evaluate(() => ({ ...window.measured, presses: undefined, ttfb: performance.getEntriesByType('navigation')[0].responseStart }));
    const bytes = one.bytes();
    await presses?.(one.page);
    lcpOf = seen.lcpOf;
    all.push({ ...seen, cls: await one.page.evaluate(() => window.measured.cls), bytes, inp: presses ? await slowest(one.page) : undefined });
    await one.context.close();
  }
  const of = (name) => median(all.map((a) => a[name]));
  return { ttfb: of('ttfb'), fcp: of('fcp'), lcp: of('lcp'), lcpOf, cls: of('cls'), inp: of('inp'), bytes: of('bytes') };
}

/** From a key until suggestions for what is typed are painted, for each of some words, letter by letter. */
async function suggestions(browser, market, profile) {
  const one = await fresh(browser, market, profile);
  const { page } = one;
  await page.goto('/');
  await settled(page);
  const box = page.getByRole('searchbox', { name: t('common:search.label') }).or(page.getByRole('combobox', { name: t('common:search.label') })).first();
  await page.evaluate(() => {
    window.waits = [];
    let at = 0;
    document.addEventListener('input', () => (at = performance.now()), true);
    new MutationObserver(() => {
      if (!at || !document.querySelector('[role=option]')) return;
      const began = at;
      at = 0;
      requestAnimationFrame(() => setTimeout(() => window.waits.push(performance.now() - began)));
    }).observe(document.body, { childList: true, subtree: true, characterData: true });
  });
  for (const word of ['logo', 'traduc', 'video', 'piano', 'wordpress']) {
    await box.fill('');
    for (const letter of word) {
      await box.press(letter);
      await page.waitForTimeout(profile.slow ? 900 : 350);
    }
  }
  const waits = await page.evaluate(() => window.waits);
  await one.context.close();
  return { p50: median(waits), most: Math.max(...waits), count: waits.length };
}

async function plan(browser, market) {
  const people = {};
  for (const name of ['ana', 'bruno']) {
    const one = await person(browser, market.url);
    await signInSample({ context: one.context, market, name });
    people[name] = { state: await one.context.storageState(), context: one.context };
  }
  const found = await ask(people.ana.context, '/gigs/search?limit=1&sort=best_selling');
  const talk = (await ask(people.ana.context, '/conversations?limit=1')).items[0];
  const order = (await ask(people.ana.context, '/orders?role=buyer&limit=1')).items[0];
  for (const { context } of Object.values(people)) await context.close();
  const { id, seller } = found.items[0];
  const type = async (page) => {
    const area = page.getByRole('textbox', { name: t('inbox:write') });
    for (const letter of 'Good morning') await area.press(letter === ' ' ? 'Space' : letter);
    await area.press('Enter');
  };
  const search = async (page) => {
    const box = page.getByRole('searchbox', { name: t('common:search.label') }).or(page.getByRole('combobox', { name: t('common:search.label') }));
    const seen = box.filter({ visible: true }).first();
    for (const letter of 'logo') await seen.press(letter);
  };
  const gig = async (page) => {
    await page.getByRole('button', { name: t('common:layout.account_menu', { name: 'ana' }) }).click();
    await page.keyboard.press('Escape');
  };
  return [
    { name: 'home', path: '/', presses: search },
    { name: 'search', path: '/search?q=logo', presses: search },
    { name: 'gig, signed in', path: `/gigs/${id}`, state: people.ana.state, presses: gig },
    { name: 'seller', path: `/sellers/${seller.username}` },
    { name: 'conversation', path: `/conversations/${talk.id}`, state: people.ana.state, presses: type },
    { name: 'order', path: `/orders/${order.id}`, state: people.ana.state, presses: gig },
  ];
}

function show(rows, typed, load) {
  const ms = (v) => (v === undefined ? '' : Math.round(v).toLocaleString('en'));
  const lines = [
    `${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores with load ${load.map((l) => l.toFixed(1)).join(' to ')}, ${gigs.toLocaleString('en')} gigs, median of ${rounds}. A desk: 1280 px, no limits; a slow`,
    'telephone: 390 px, 150 ms there and back, 1.6 Mbit/s down, 0.75 up, a processor slowed four times.',
    '',
    '| page | on | first byte, ms | first paint, ms | largest paint, ms | shift | slowest press, ms | kB |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...rows.map((r) => `| ${r.page} | ${r.profile} | ${ms(r.ttfb)} | ${ms(r.fcp)} | ${ms(r.lcp)} | ${r.cls.toFixed(3)} | ${ms(r.inp)} | ${ms(r.bytes / 1000)} |`),
    '',
    ...typed.map((s) => `Suggestions on ${s.profile}, from the key to the paint: ${ms(s.p50)} ms (median of ${s.count}), ${ms(s.most)} ms at most.  `),
  ];
  return lines.join('\n');
}

const load = [loadavg()[0]];
const market = await Market.start(binary, { samples: gigs });
const browser = await launch();
try {
  const rows = [];
  const typed = [];
  const pages = await plan(browser, market);
  for (const profile of profiles) {
    for (const { name, path, presses, state } of pages) {
      const figures = await pageFigures(browser, market, profile, state, path, presses);
      rows.push({ page: name, profile: profile.name, ...figures });
      console.log(name, profile.name, JSON.stringify(figures));
    }
    typed.push({ profile: profile.name, ...(await suggestions(browser, market, profile)) });
    console.log('suggestions', JSON.stringify(typed.at(-1)));
  }
  load.push(loadavg()[0]);
  const text = show(rows, typed, load);
  console.log(`\n${text}`);
  if (options.includes('--write')) {
    const file = new URL('README.md', import.meta.url);
    const [before, rest] = readFileSync(file, 'utf8').split(marks[0]);
    writeFileSync(file, `${before}${marks[0]}\n${text}\n${marks[1]}${rest.split(marks[1])[1]}`);
  }
} finally {
  await browser.close().catch(() => undefined);
  market.stop();
}
