// What Elastic's own, unmodified browser agent posts is taken by the gateway, and joined with what the services did.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { poll } from './harness/market.mjs';
import { run, step } from './harness/run.mjs';
import { ask, signInSample } from './harness/samples.mjs';

const bundle = readFileSync(process.env.OFICIO_AGENT, 'utf8');
const html = `<!doctype html><title>a shop</title><h1>A shop</h1><button>Press</button>
<script src="/shop/agent.js"></script><script src="/shop/shop.js"></script>`;
const shop = `
elasticApm.init({ serviceName: 'some-shop', serverUrl: location.origin, environment: 'test' });
document.querySelector('button').addEventListener('click', () => { throw new TypeError('the shop is shut'); });
fetch('/api/v1/gigs/search?q=secret');`;

await run(
  async ({ market, open }) => {
    const olga = await open();
    await signInSample({ context: olga.context, market, name: 'olga' });
    const { page } = olga;
    // A page of the gateway's own origin, which the gateway does not have.
    const page_of = { '/shop/': ['text/html', html], '/shop/agent.js': ['text/javascript', bundle], '/shop/shop.js': ['text/javascript', shop] };
    await page.route('**/shop/**', (route) => {
      const [contentType, body] = page_of[new URL(route.request().url()).pathname];
      return route.fulfill({ contentType, body });
    });
    const posted = [];
    page.on('response', (r) => r.url().includes('/intake/') && posted.push(r));

    step('it posts, and is answered as it likes');
    await page.goto('/shop/?token=secret');
    await page.getByRole('button').click();
    await poll('the agent has posted', () => posted.length >= 2);
    for (const answer of posted) {
      assert.equal(answer.status(), 202);
      assert.equal(answer.request().headers()['content-encoding'], 'gzip');
    }
    olga.faults.length = 0; // the fault, which was meant

    step('its page load is joined with what the services did');
    const found = await poll('the fault is recorded', async () => {
      const browser = await ask(olga.context, '/ops/browser');
      return browser.loads > 0 && browser.errors.find((e) => e.message.includes('the shop is shut')) && browser;
    });
    assert.ok(found.vitals.find((v) => v.name === 'ttfb').count > 0, JSON.stringify(found.vitals));
    const call = posted.map((r) => r.request()).length > 0 && (await traceOf(olga));
    const trace = await poll('the trace has both sides', async () => {
      const answer = await olga.context.request.get(`/api/v1/ops/traces/${call}`);
      const told = answer.ok() ? await answer.json() : { entries: [] };
      return ['web', 'gateway', 'gigs'].every((s) => told.entries.some((e) => e.service === s)) && told;
    });
    const span = trace.entries.find((e) => e.service === 'web' && e.kind === 'span' && e.name.includes('/api/v1/gigs/search'));
    const behind = trace.entries.find((e) => e.service === 'gateway' && e.kind === 'transaction');
    assert.equal(behind.parent_id, span.id, 'the gateway knows which call it was');
    const all = JSON.stringify([trace.entries.filter((e) => e.service === 'web'), found]);
    assert.ok(!all.includes('secret'), 'queries are not kept');

    async function traceOf({ context }) {
      return poll('the call is in the log', async () => {
        const { items } = await ask(context, '/ops/logs?service=gateway&text=request&limit=100');
        return items.find((line) => line.fields.url?.path === '/api/v1/gigs/search')?.trace_id;
      });
    }
  },
  { samples: 60, settings: ['log.level=debug'] }, // at which each request is a line
);
