// Without a mouse: the skip link, where the focus is after a change of page, and that dialogs keep and return it.
import assert from 'node:assert/strict';
import { settled } from './harness/look.mjs';
import { run, step } from './harness/run.mjs';
import { ask, signInSample } from './harness/samples.mjs';
import { words } from './harness/words.mjs';

const t = words('en');

const focused = (page) => page.evaluate(() => document.activeElement?.id || document.activeElement?.textContent?.trim() || document.activeElement?.tagName);

/** Presses a key until this is focused; a person gives up some time, too. */
async function go(page, key, target, limit = 60) {
  for (let pressed = 0; pressed < limit; pressed++) {
    await page.keyboard.press(key);
    if (await target.evaluate((e) => e === document.activeElement).catch(() => false)) return;
  }
  throw new Error(`${limit} times ${key} do not lead to ${target}; the focus is on ${await focused(page)}`);
}

async function skipLink({ page }) {
  await page.goto('/search');
  await settled(page);
  await page.keyboard.press('Tab');
  const skip = page.getByRole('link', { name: t('common:layout.skip') });
  assert.ok(await skip.evaluate((e) => e === document.activeElement), 'the first thing is the skip link');
  await skip.evaluate((e) => Promise.all(e.getAnimations().map((a) => a.finished)));
  assert.ok((await skip.boundingBox()).y >= 0, 'it is seen when it has the focus');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.activeElement?.id === 'main');
}

async function changeOfPage({ page }) {
  const first = page.getByRole('article').getByRole('link').first();
  await go(page, 'Tab', first, 120);
  const title = await first.innerText();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: title }).waitFor();
  assert.equal(await focused(page), 'main');
  assert.ok((await page.title()).startsWith(title), 'the tab is named after the page');
  await page.goBack();
  await page.waitForURL(/\/search(#main)?$/);
  await settled(page);
}

async function searchByKeys({ page }) {
  await page.goto('/');
  await settled(page);
  const box = page.getByRole('searchbox', { name: t('common:search.label') });
  await go(page, 'Tab', box);
  await page.keyboard.type('logo');
  await page.getByRole('listbox').getByRole('option').first().waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('listbox').getByRole('option').first().waitFor({ state: 'hidden' });
  await page.keyboard.press('Enter');
  await page.waitForURL('**/search?q=logo');
}

/** Opens by the keyboard, stays inside, closes with Escape, and the focus is back where it was. */
async function dialog(page, opener) {
  await opener.focus();
  await page.keyboard.press('Enter');
  const shown = page.getByRole('dialog');
  await shown.waitFor();
  await page.waitForFunction(() => document.querySelector('[role=dialog]')?.contains(document.activeElement));
  for (let i = 0; i < 30; i++) {
    await page.keyboard.press('Tab');
    assert.ok(await shown.evaluate((e) => e.contains(document.activeElement)), 'Tab does not leave the dialog');
  }
  await page.keyboard.press('Escape');
  await shown.waitFor({ state: 'detached' });
  await page.waitForFunction((e) => e === document.activeElement, await opener.elementHandle());
}

async function dialogs({ page, context }) {
  const { items } = await ask(context, '/orders?role=buyer&status=in_progress&limit=1');
  await page.goto(`/orders/${items[0].id}`);
  await settled(page);
  await dialog(page, page.getByRole('button', { name: t('orders:cancel.title') }));
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('/search');
  await settled(page);
  await dialog(page, page.getByRole('button', { name: t('search:filters') }));
}

async function menu({ page }) {
  const opener = page.getByRole('button', { name: t('common:layout.account_menu', { name: 'ana' }) });
  await opener.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menu').waitFor();
  const orders = page.getByRole('menuitem', { name: t('common:layout.orders') });
  await go(page, 'ArrowDown', orders, 10);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: t('orders:title') }).waitFor();
}

await run(
  async ({ market, open }) => {
    const ana = await open();
    await signInSample({ context: ana.context, market, name: 'ana' });
    for (const part of [skipLink, changeOfPage, searchByKeys, dialogs, menu]) {
      step(part.name);
      await part(ana);
    }
  },
  { samples: 120 },
);
