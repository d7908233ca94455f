// Runs a browser test on the program that the first argument names: exit status 0, 1, or 77 without a browser.
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { launch, person } from './browser.mjs';
import { Market } from './market.mjs';

export const step = (text) => console.log(`- ${text}`);

/** test({ market, browser, open }): open() gives a person whose pages are watched, and photographed at a failure. */
export async function run(test, options = {}) {
  const [binary] = process.argv.slice(2);
  if (!binary) {
    console.error(`usage: ${process.argv[1]} PATH-TO-OFICIO`);
    process.exit(2);
  }
  const chromium = process.env.OFICIO_CHROMIUM ?? '/usr/bin/chromium';
  if (!existsSync(chromium)) {
    console.error(`no ${chromium} here: skipped`);
    process.exit(77);
  }
  const began = Date.now();
  const market = await Market.start(binary, options);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => (market.stop(), process.exit(1)));
  const people = [];
  let browser;
  let failed = false;
  try {
    browser = await launch();
    const open = async (how) => {
      const one = await person(browser, market.url, how);
      people.push(one);
      return one;
    };
    await test({ market, browser, open });
    const faults = people.flatMap((p) => p.faults);
    if (faults.length) throw new Error(`the pages are not free of faults:\n${[...new Set(faults)].join('\n')}`);
    console.log(`passed in ${((Date.now() - began) / 1000).toFixed(1)} s`);
  } catch (e) {
    failed = true;
    console.error(`FAILED: ${e.stack}\n${people.flatMap((p) => p.faults).join('\n')}\nlast lines of the log:\n${market.logTail()}`);
    await photograph(people);
  } finally {
    await browser?.close().catch(() => undefined);
    market.stop();
  }
  process.exit(failed ? 1 : 0);
}

async function photograph(people) {
  const folder = process.env.OFICIO_PHOTOS ?? '';
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  let at = 0;
  for (const { context } of people)
    for (const page of context.pages()) await page.screenshot({ path: join(folder, `failed-${++at}.png`) }).catch(() => undefined);
}
