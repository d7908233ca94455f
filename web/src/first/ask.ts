// Runs before everything else, in scheme.js: asks for what the page will ask for.
import { firstCalls } from './calls';
import type { First } from './first';

const hex = (bytes: number) => Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (b) => b.toString(16).padStart(2, '0')).join('');

const first: First = { trace: hex(16), calls: {} };
const known = /(?:^|; )csrf=/.test(document.cookie);
for (const { path, pictures } of firstCalls(location.pathname, location.search, known)) {
  const url = `/api/v1${path}`;
  const span = hex(8);
  const answer = fetch(url, { credentials: 'same-origin', headers: { traceparent: `00-${first.trace}-${span}-01` } });
  first.calls[url] = { answer, span, began: performance.now() };
  answer
    .then(async (got) => {
      if (pictures && got.ok) pictures(await got.clone().json()).forEach((src) => (new Image().src = src));
    })
    .catch(() => undefined); // the page asks again, and says what is wrong
}
window.oficioFirst = first;
