// Throws an exception in a page, for tests/e2e/thrown.py: node thrown.mjs JSON. Prints when it did, at once, and stays until the page
// has told of it.
import { launch, person } from './harness/browser.mjs';
import { settled } from './harness/look.mjs';
import { poll } from './harness/market.mjs';

const { url, message } = JSON.parse(process.argv[2]);

async function breakDown(browser) {
  const { page } = await person(browser, url);
  let told = false;
  await page.route('**/intake/v2/rum/events', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer });
    told ||= answer.status() === 202 && (route.request().postData() ?? '').includes(message);
  });
  await page.goto('/');
  await settled(page);
  await page.waitForFunction(() => performance.getEntriesByType('resource').some((r) => /\/reporter-/.test(r.name)) && sessionStorage.getItem('oficio-visit'));
  // A script like the page's own, with a bug in a handler.
  const script = `setTimeout(function breaksDown() { throw new TypeError(${JSON.stringify(message)}); });`;
  await page.route('**/assets/breaks-down.js', (route) => route.fulfill({ contentType: 'text/javascript', body: script }));
  const at = Date.now();
  await page.addScriptTag({ url: '/assets/breaks-down.js' });
  console.log(JSON.stringify({ at }));
  await poll('the page has told of it', () => told);
}

const browser = await launch();
try {
  await breakDown(browser);
} finally {
  await browser.close();
}
