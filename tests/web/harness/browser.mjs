// A browser whose pages must stay free of faults: what a page writes to the console as an error fails the test.
import { createRequire } from 'node:module';
import { join } from 'node:path';

// The packages of the web application, where the build has installed them.
const packages = process.env.OFICIO_NODE_MODULES ?? new URL('../../../web/node_modules', import.meta.url).pathname;
export const need = createRequire(join(packages, 'oficio.cjs'));
const { chromium } = need('playwright-core');

export const launch = () =>
  chromium.launch({
    executablePath: process.env.OFICIO_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-dev-shm-usage'],
  });

// The browser itself writes each answer that is an error to the console.
const refusal = /^Failed to load resource: the server responded with a status of (\d+)/;

/**
 * A person's own browser. `faults` gathers what its pages did wrong; `expect(status, path)` says of an answer
 * that it is part of the test, once for each time.
 */
export async function person(browser, base, { width = 1280, height = 900, locale = 'en', colorScheme = 'light', ...more } = {}) {
  const context = await browser.newContext({ baseURL: base, viewport: { width, height }, locale, colorScheme, serviceWorkers: 'block', reducedMotion: 'reduce', ...more });
  context.setDefaultTimeout(30_000);
  const faults = [];
  const expected = [];
  const one = { context, faults, away: false, expect: (status, path) => expected.push({ status, path }) };
  const watch = (page) => {
    page.on('pageerror', (e) => faults.push(`${page.url()}: ${e.stack ?? e.message}`));
    page.on('console', (m) => {
      if (m.type() !== 'error' && m.type() !== 'warning') return;
      if (m.text().startsWith('Service Worker registration blocked by Playwright')) return;
      if (one.away && /ERR_INTERNET_DISCONNECTED|ERR_EMPTY_RESPONSE|WebSocket/.test(m.text())) return;
      const status = refusal.exec(m.text())?.[1];
      const path = status ? new URL(m.location().url).pathname : '';
      const at = expected.findIndex((e) => String(e.status) === status && e.path.test(path));
      if (at >= 0) expected.splice(at, 1);
      else faults.push(`${page.url()}: console ${m.type()}: ${m.text().slice(0, 600)} ${path}`);
    });
  };
  context.on('page', watch);
  one.page = await context.newPage();
  /** Takes the network away, or gives it back; what the browser says of it meanwhile is no fault. */
  one.cut = async (away) => {
    if (away) one.away = true;
    await context.setOffline(away);
  };
  return one;
}
