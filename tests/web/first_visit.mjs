// Who comes for the first time reads the application's own font, and nothing moves when it comes, late or soon.
import assert from 'node:assert/strict';
import { settled } from './harness/look.mjs';
import { poll } from './harness/market.mjs';
import { run, step } from './harness/run.mjs';

/** Which fonts the browser really paints the heading with. */
async function fontsOf(devtools) {
  const { root } = await devtools.send('DOM.getDocument', { depth: 0 });
  const { nodeId } = await devtools.send('DOM.querySelector', { nodeId: root.nodeId, selector: 'main h1' });
  const { fonts } = await devtools.send('CSS.getPlatformFontsForNode', { nodeId });
  return fonts;
}

const isOwn = (fonts) => fonts.length > 0 && fonts.every((f) => f.isCustomFont && /inter/i.test(f.familyName));

async function visit({ open }, path, { width, late }) {
  step(`${path} at ${width}${late ? ', the font comes late' : ''}`);
  const { page, context } = await open({ width });
  let come = () => undefined;
  const there = new Promise((done) => (come = done));
  let asked = 0;
  await page.route(/\.woff2$/, async (route) => {
    asked += 1;
    if (late) await there;
    await route.continue();
  });
  await page.addInitScript(() => {
    window.moved = [];
    const what = ({ node }) => (node?.outerHTML ?? '').slice(0, 90);
    new PerformanceObserver((list) => list.getEntries().forEach((e) => window.moved.push({ by: e.value, what: e.sources.map(what) }))).observe({ type: 'layout-shift', buffered: true });
  });
  const devtools = await context.newCDPSession(page);
  await devtools.send('DOM.enable');
  await devtools.send('CSS.enable');
  await page.goto(path, { waitUntil: 'domcontentloaded' }); // what is held back holds "load" back
  await settled(page);
  if (late) {
    await poll('the font is asked for', () => asked > 0);
    await poll('there is a text meanwhile', async () => (await fontsOf(devtools)).length > 0);
    assert.ok(!isOwn(await fontsOf(devtools)));
    come();
  }
  await poll('the heading is in the own font', async () => isOwn(await fontsOf(devtools)));
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  const moved = await page.evaluate(() => window.moved);
  const by = moved.reduce((sum, one) => sum + one.by, 0);
  // A good page moves by at most 0.1 in all; this leaves little to the font.
  assert.ok(by <= 0.03, `it moved by ${by}: ${JSON.stringify(moved, null, 1)}`);
  await context.close();
}

await run(
  async (parts) => {
    for (const width of [1280, 390])
      for (const late of [false, true])
        for (const path of ['/', '/search?q=logo']) await visit(parts, path, { width, late });
  },
  { samples: 60 },
);
