// Two people talk, each in a browser of their own: who has written sees until where the other has read, at once, after a
// reload, and not before.
import assert from 'node:assert/strict';
import { settled } from './harness/look.mjs';
import { run, step } from './harness/run.mjs';
import { ask, signInSample } from './harness/samples.mjs';
import { write } from './harness/talk.mjs';
import { words } from './harness/words.mjs';

/** Waits until that text alone is marked as seen, with the hour of it. */
const under = (page, t, text) =>
  page.waitForFunction(
    ([label, text]) => {
      const all = [...document.querySelectorAll('[role=log] time')].filter((e) => e.textContent.startsWith(label));
      return all.length === 1 && /\d:\d\d/.test(all[0].textContent) && all[0].parentElement.previousElementSibling.textContent === text;
    },
    [t('inbox:seen', { when: '' }), text],
  );

async function talk({ market, open }, language, width) {
  const t = words(language);
  const [ana, bruno] = [await open({ locale: language, width }), await open({ locale: language, width })];
  for (const [one, name] of [[ana, 'ana'], [bruno, 'bruno']]) await signInSample({ context: one.context, market, name });
  const { items } = await ask(ana.context, '/conversations?limit=100');
  const path = `/conversations/${items.find((c) => c.with.username === 'bruno').id}`;

  step(`${language} at ${width}: what was written is not seen before the other opens it`);
  await bruno.page.goto('/orders?role=seller');
  await settled(bruno.page);
  await ana.page.goto(path);
  await settled(ana.page);
  await write(ana.page, t, `First ${language}`);
  await write(ana.page, t, `Second ${language}`);
  const before = await ana.page.getByRole('log').innerText();
  assert.ok(!before.slice(before.indexOf(`First ${language}`)).includes(t('inbox:seen', { when: '' })), before);

  step('it is, at once, when they do: only the last of them tells it');
  await bruno.page.goto(path);
  await bruno.page.getByRole('log').getByText(`Second ${language}`).waitFor();
  await under(ana.page, t, `Second ${language}`);

  step('it moves on with what is read next, and is there after a reload');
  await write(ana.page, t, `Third ${language}`);
  await under(ana.page, t, `Third ${language}`);
  await ana.page.reload();
  await under(ana.page, t, `Third ${language}`);

  step('who reads nothing gives no sign: a page that is not looked at');
  await bruno.page.goto('/orders?role=seller');
  await settled(bruno.page);
  await write(ana.page, t, `Fourth ${language}`);
  await ana.page.reload();
  await ana.page.getByRole('log').getByText(`Fourth ${language}`).waitFor();
  await under(ana.page, t, `Third ${language}`);
  for (const one of [ana, bruno]) await one.context.close();
}

await run(
  async (parts) => {
    await talk(parts, 'en', 1280);
    await talk(parts, 'es', 390);
  },
  { samples: 120 },
);
