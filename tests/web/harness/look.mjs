// What must hold of every page, and when a page is ready to be looked at.
import { readFileSync } from 'node:fs';
import { need } from './browser.mjs';

const axe = readFileSync(need.resolve('axe-core/axe.min.js'), 'utf8');

/** Everything that was asked for has come: no placeholder is left, pictures in view are there. */
export function settled(page) {
  return page.waitForFunction(() => {
    const shown = (e) => e.offsetParent !== null;
    const waits = [...document.querySelectorAll('.mantine-Skeleton-root, [aria-busy=true], .shell, [data-stale]')].some(shown);
    const pictures = [...document.images].every((i) => i.complete || !shown(i) || i.getBoundingClientRect().top > innerHeight);
    return !waits && pictures && document.title.includes('Oficio') && document.querySelector('main h1') !== null;
  });
}

/** Light or dark, as the system of a person says; waits until it is painted. */
export async function scheme(page, wanted) {
  await page.emulateMedia({ colorScheme: wanted, reducedMotion: 'reduce' });
  await page.waitForFunction((s) => document.documentElement.getAttribute('data-mantine-color-scheme') === s, wanted);
  await page.evaluate(async () => {
    const painted = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    await painted();
    await Promise.allSettled(document.getAnimations().map((a) => a.finished));
    await painted();
  });
}

/** What is wrong with the page as it stands, in words. */
export async function faultsOf(page) {
  const wrong = await page.evaluate(() => {
    const found = [];
    const headings = [...document.querySelectorAll('h1')].filter((h) => h.offsetParent !== null);
    if (headings.length !== 1) found.push(`${headings.length} visible h1`);
    if (!/^.+ · Oficio$/.test(document.title)) found.push(`title "${document.title}"`);
    const over = document.documentElement.scrollWidth - innerWidth;
    if (over > 0) {
      const wide = [...document.querySelectorAll('main *, header *, footer *')].filter((e) => e.getBoundingClientRect().right > innerWidth + 1);
      found.push(`${over} px wider than the window: ${wide.slice(0, 3).map((e) => e.outerHTML.slice(0, 160)).join(' | ')}`);
    }
    for (const list of document.querySelectorAll('[role=tablist]')) {
      const lines = new Set([...list.querySelectorAll('[role=tab]')].map((tab) => tab.getBoundingClientRect().top));
      if (lines.size > 1) found.push(`tabs in ${lines.size} lines: ${list.textContent}`);
    }
    return found;
  });
  await page.evaluate(`${axe}; 0`);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  for (const v of violations.filter((one) => one.impact === 'serious' || one.impact === 'critical'))
    wrong.push(`${v.id} (${v.help}): ${v.nodes.slice(0, 3).map((n) => `${n.target.join(' ')} ${n.html.slice(0, 200)} ${n.any[0]?.message ?? ''}`).join('\n      ')}`);
  return wrong;
}
