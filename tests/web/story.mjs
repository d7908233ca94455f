// The market's whole story in real browsers: a seller publishes, a buyer finds, asks, orders and pays, the work is
// delivered, changed and accepted, both review. Once in English at a desk, once in Spanish on a telephone.
import assert from 'node:assert/strict';
import { signIn, signUp } from './harness/account.mjs';
import { poll } from './harness/market.mjs';
import { png } from './harness/pictures.mjs';
import { run, step } from './harness/run.mjs';
import { write } from './harness/talk.mjs';
import { words } from './harness/words.mjs';

const password = 'una frase bien larga 2026';
const price = 120;

const told = {
  en: {
    headline: 'Illustrator of quiet books',
    about: 'I draw covers and inside pictures for small publishers, in ink and in watercolour.',
    title: 'I will paint a watercolour map of your village',
    search: 'watercolour map village',
    description: 'You send me a photograph or a sketch, and I paint the map of your village in watercolour on paper. ',
    tag: 'watercolour',
    ask: 'Could you add the old mill?',
    answer: 'With pleasure, it is part of the price.',
    later: ['I am on a train now.', 'There are tunnels here.'],
    meanwhile: 'Tell me where the mill stands.',
    second_tab: 'It stands behind the church.',
    needs: 'Our village is small: church, mill, river.',
    first: 'Here is the first version.',
    change: 'The mill stands on the other bank.',
    second: 'Now the mill is where it belongs.',
    praise: 'Exactly the village that we know.',
    thanks: 'A clear order and a kind buyer.',
  },
  es: {
    headline: 'Ilustradora de libros tranquilos',
    about: 'Dibujo cubiertas e interiores para editoriales pequeñas, a tinta y en acuarela.',
    title: 'Pintaré un retrato de tu perro con lápices de color',
    search: 'retrato perro lápices',
    description: 'Me envías una fotografía y yo dibujo el retrato de tu perro con lápices de color sobre papel bueno. ',
    tag: 'retratos',
    ask: '¿Puede salir también el gato?',
    answer: 'Claro, está incluido en el precio.',
    later: ['Ahora voy en el tren.', 'Hay muchos túneles aquí.'],
    meanwhile: 'Dime cómo es el gato.',
    second_tab: 'Es gris y muy gordo.',
    needs: 'Se llama Bruma y no para quieta.',
    first: 'Aquí está la primera versión.',
    change: 'Las orejas son más cortas.',
    second: 'Ahora las orejas son las suyas.',
    praise: 'Es ella, sin duda.',
    thanks: 'Un encargo claro y buen trato.',
  },
};

async function becomeSeller(page, t, say) {
  await page.goto('/sell');
  await page.getByLabel(t('selling:headline'), { exact: true }).fill(say.headline);
  await page.getByRole('textbox', { name: t('selling:about_you') }).fill(say.about);
  await page.getByRole('button', { name: t('common:action.next') }).click();
  await page.getByRole('combobox', { name: t('selling:skills') }).fill(say.tag);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: t('common:action.next') }).click();
  await page.getByRole('button', { name: t('selling:start_selling') }).click();
  await page.getByRole('heading', { level: 1, name: t('selling:new_title') }).waitFor();
}

async function publish(page, t, say) {
  await page.getByLabel(t('selling:gig_title'), { exact: true }).fill(say.title);
  await page.getByRole('textbox', { name: t('selling:description') }).fill(say.description.repeat(2));
  await page.getByLabel(t('selling:category'), { exact: true }).selectOption({ index: 1 });
  await page.getByLabel(t('selling:subcategory'), { exact: true }).selectOption({ index: 1 });
  await page.getByRole('combobox', { name: t('selling:tags') }).fill(say.tag);
  await page.keyboard.press('Enter');
  await page.locator('input[type=file]').setInputFiles({ name: 'map.png', mimeType: 'image/png', buffer: png(900, 600) });
  await page.getByRole('button', { name: t('common:files.remove', { name: 'map.webp' }) }).waitFor();
  await page.getByRole('textbox', { name: t('selling:package_description') }).fill(say.headline);
  await page.getByRole('textbox', { name: t('selling:price') }).fill(String(price));
  await page.getByRole('button', { name: t('selling:publish') }).click();
  await page.getByRole('heading', { level: 1, name: say.title }).waitFor();
  const picture = page.getByRole('img', { name: t('gig:picture', { at: 1, count: 1 }) });
  await poll('the picture is shown', () => picture.evaluate((img) => img.complete && img.naturalWidth > 0));
  return new URL(page.url()).pathname;
}

async function find(page, t, say) {
  await page.goto('/');
  const card = page.getByRole('article').getByRole('link', { name: say.title });
  const box = page.getByRole('searchbox', { name: t('common:search.label') });
  await box.fill(say.search);
  await box.press('Enter');
  await page.waitForURL('**/search?**');
  // A gig is found a moment after it was published.
  await poll('the search finds the gig', async () => {
    await page.getByText(t('search:found_one', { count: 1 })).or(page.getByText(t('search:empty'))).first().waitFor();
    if (await card.isVisible()) return true;
    await page.reload();
    return false;
  });
  await card.click();
  await page.getByRole('heading', { level: 1, name: say.title }).waitFor();
}

const says = (page, text) => page.getByRole('log').getByText(text).waitFor();

/** Both sides of a conversation hear at once of what the other does; no page is loaded again. */
async function talk(buyer, seller, t, say, names) {
  await seller.page.goto('/selling/gigs');
  await seller.page.getByRole('heading', { level: 1 }).waitFor();
  await buyer.page.getByRole('link', { name: t('gig:ask') }).click();
  await buyer.page.waitForURL('**/conversations/*');
  await write(buyer.page, t, say.ask);
  const unread = seller.page.getByRole('link', { name: t('common:layout.messages_one', { count: 1 }) });
  await unread.click();
  await seller.page.getByRole('link', { name: new RegExp(names.buyer) }).click();
  await says(seller.page, say.ask);
  await seller.page.getByRole('link', { name: t('common:layout.messages_zero'), exact: true }).waitFor();
  await buyer.page.getByText(t('common:presence.online'), { exact: true }).filter({ visible: true }).first().waitFor();
  await seller.page.getByRole('textbox', { name: t('inbox:write') }).pressSequentially(say.answer.slice(0, 5));
  await buyer.page.getByText(t('inbox:typing', { name: names.seller })).waitFor();
  await write(seller.page, t, say.answer);
  await says(buyer.page, say.answer);
  await buyer.page.getByText(t('inbox:typing', { name: names.seller })).waitFor({ state: 'detached' });
}

/** Without a network messages wait, and go out in order, once each; what the other side wrote meanwhile comes too. */
async function cutOff(buyer, seller, t, say) {
  await buyer.cut(true);
  const area = buyer.page.getByRole('textbox', { name: t('inbox:write') });
  for (const text of say.later) {
    await area.fill(text);
    await area.press('Enter');
  }
  await buyer.page.getByText(t('inbox:sent_later')).first().waitFor();
  await write(seller.page, t, say.meanwhile);
  await buyer.cut(false);
  await says(buyer.page, say.meanwhile);
  for (const text of say.later) await says(seller.page, text);
  await poll('nothing waits any more', async () => (await buyer.page.getByText(t('inbox:sent_later')).count()) === 0);
  const texts = await seller.page.getByRole('log').innerText();
  for (const text of say.later) assert.equal(texts.split(text).length, 2, `"${text}" came once`);
  assert.ok(texts.indexOf(say.later[0]) < texts.indexOf(say.later[1]), 'in order');
}

/** Two tabs of one person show the same, and so does the other side. */
async function twoTabs(buyer, seller, t, say) {
  const second = await buyer.context.newPage();
  await second.goto(buyer.page.url());
  await says(second, say.answer);
  await write(second, t, say.second_tab);
  await says(buyer.page, say.second_tab);
  await says(seller.page, say.second_tab);
  assert.equal(await buyer.page.getByRole('log').getByText(say.second_tab).count(), 1);
  await second.close();
}

/** Signed out everywhere from another device: this one is signed out at once, untouched. */
async function endedElsewhere(here, elsewhere, t) {
  await here.page.goto('/orders?role=seller');
  await here.page.getByRole('heading', { level: 1 }).waitFor();
  for (let i = 0; i < 12; i++) here.expect(401, /^\/api\/v1\//);
  await elsewhere.page.goto('/settings/sessions');
  await elsewhere.page.getByRole('button', { name: t('settings:end_all') }).click();
  await elsewhere.page.getByRole('heading', { level: 1, name: t('account:signin_title') }).waitFor();
  await here.page.getByRole('heading', { level: 1, name: t('account:signin_title') }).waitFor();
}

async function pay(page, t, card) {
  await page.getByRole('textbox', { name: t('orders:pay.card') }).fill(card);
  await page.getByRole('textbox', { name: t('orders:pay.expiry') }).fill('12/30');
  await page.getByRole('textbox', { name: t('orders:pay.cvc') }).fill('123');
  await page.getByRole('button', { name: new RegExp(`^${t('orders:pay.now', { total: '' }).trim()}`) }).click();
}

async function order(buyer, gig, t) {
  const { page } = buyer;
  await page.goto(gig);
  await page.getByRole('link', { name: new RegExp(t('gig:order', { price: '' }).trim()) }).click();
  await page.getByRole('heading', { level: 1, name: t('orders:checkout.title') }).waitFor();
  buyer.expect(402, /\/pay$/);
  await pay(page, t, '4000 0000 0000 0002');
  await page.getByRole('main').getByRole('alert').filter({ hasText: /\S/ }).first().waitFor();
  await pay(page, t, '4000 0000 0000 3220');
  await page.getByRole('button', { name: t('orders:pay.confirm') }).click();
  await page.waitForURL('**/orders/*');
  await page.getByText(t('orders:status.awaiting_requirements')).first().waitFor();
  return new URL(page.url()).pathname;
}

async function deliver(page, path, t, text) {
  await page.goto(path);
  await page.getByRole('textbox', { name: t('orders:deliver.message') }).fill(text);
  await page.locator('input[type=file]').setInputFiles({ name: 'work.png', mimeType: 'image/png', buffer: png(300, 200) });
  await page.getByRole('button', { name: t('common:files.remove', { name: 'work.png' }) }).waitFor();
  await page.getByRole('button', { name: t('orders:deliver.send'), exact: true }).click();
  await page.getByText(t('orders:delivered.waits')).waitFor();
}

async function work(buyer, seller, path, t, say) {
  await buyer.page.getByRole('textbox', { name: t('orders:requirements.label') }).fill(say.needs);
  await buyer.page.getByRole('button', { name: t('orders:requirements.send') }).click();
  await buyer.page.getByText(say.needs).waitFor();
  await deliver(seller.page, path, t, say.first);
  await buyer.page.goto(path);
  await buyer.page.getByText(say.first).waitFor();
  await buyer.page.getByRole('button', { name: t('orders:delivered.revisions_one', { count: 1 }) }).click();
  const dialog = buyer.page.getByRole('dialog');
  await dialog.getByRole('textbox').fill(say.change);
  await dialog.getByRole('button', { name: t('orders:delivered.ask') }).click();
  await dialog.waitFor({ state: 'detached' });
  await buyer.page.getByText(say.change).waitFor();
  await deliver(seller.page, path, t, say.second);
  await buyer.page.goto(path);
  await buyer.page.getByText(say.second).waitFor();
  await buyer.page.getByRole('button', { name: t('orders:delivered.accept') }).click();
  await buyer.page.getByText(t('orders:status.completed')).first().waitFor();
}

async function review(page, path, t, mark, text) {
  await page.goto(path);
  await page.getByRole('radio', { name: t('common:rating.mark_other', { count: mark }) }).check();
  await page.getByRole('textbox', { name: t('orders:review.text') }).fill(text);
  await page.getByRole('button', { name: t('orders:review.send') }).click();
  await page.getByText(t('orders:review.done')).waitFor();
}

async function earned(page, t, language) {
  const money = new Intl.NumberFormat(language, { style: 'currency', currency: 'USD' }).format(price * 0.8);
  await page.goto('/selling/earnings');
  await page.getByRole('heading', { level: 1, name: t('selling:earnings') }).waitFor();
  await page.getByText(t('selling:entry.release')).waitFor();
  const shown = await page.getByRole('main').innerText();
  assert.ok(shown.replaceAll('\u00a0', ' ').includes(money.replaceAll('\u00a0', ' ')), `${money} is not in\n${shown}`);
}

async function story({ market, open }, language, width) {
  const t = words(language);
  const say = told[language];
  const names = { seller: `vera-${language}`, buyer: `tomas-${language}` };
  const how = { locale: language, width, height: width < 500 ? 844 : 900 };
  const seller = await open(how);
  const buyer = await open(how);

  step(`${language} at ${width}: two people sign up`);
  await signUp({ page: seller.page, market, t, name: names.seller, password });
  await signUp({ page: buyer.page, market, t, name: names.buyer, password });
  step('one becomes a seller and publishes a gig with a picture');
  await becomeSeller(seller.page, t, say);
  const gig = await publish(seller.page, t, say);
  step('the other finds it, and they talk');
  await find(buyer.page, t, say);
  await talk(buyer, seller, t, say, names);
  step('the network is away and comes back; a second tab');
  await cutOff(buyer, seller, t, say);
  await twoTabs(buyer, seller, t, say);
  await buyer.page.goto(gig);
  step('an order, paid at the third try');
  const path = await order(buyer, gig, t);
  step('requirements, delivery, revision, delivery, acceptance');
  await work(buyer, seller, path, t, say);
  step('both review, and the money is there');
  await review(buyer.page, path, t, 5, say.praise);
  await review(seller.page, path, t, 4, say.thanks);
  await earned(seller.page, t, language);
  await poll('the review is on the gig', async () => {
    await buyer.page.goto(gig);
    await buyer.page.getByRole('heading', { level: 2, name: t('gig:reviews') }).waitFor();
    return buyer.page.getByText(say.praise).waitFor({ timeout: 2_000 }).then(() => true, () => false);
  });

  step('the seller signs in from a new browser');
  const phone = await open(how);
  await signIn({ page: phone.page, market, t, name: names.seller, password });
  await phone.page.goto('/orders?role=seller');
  await phone.page.getByRole('link', { name: new RegExp(names.buyer) }).waitFor();
  step('and signs out everywhere');
  await endedElsewhere(seller, phone, t);
  for (const one of [seller, buyer, phone]) await one.context.close();
}

await run(async (parts) => {
  await story(parts, 'en', 1280);
  await story(parts, 'es', 390);
});
