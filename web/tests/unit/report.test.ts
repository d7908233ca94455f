import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '~/api/problem';
import { cleanMessage, cleanQuery, cleanReferrer, framesOf } from '~/report/clean';
import { exitLine, lineOf, metadata } from '~/report/lines';
import { perBody, Post } from '~/report/post';
import type { Fact } from '~/report/trace';

type Trace = typeof import('~/report/trace');
const visit = () => {
  let at = 0;
  return { id: 'v', next: () => ++at };
};

describe('what leaves the browser', () => {
  it.each([
    ["Cannot read properties of undefined (reading 'price')", "Cannot read properties of undefined (reading 'price')"],
    ['Unexpected token "h", "hello Ana, my" is not valid JSON', 'Unexpected token "…", "…" is not valid JSON'],
    ['no ana.b@example.org here', 'no …@… here'],
    ['Failed to fetch https://shop.test/sellers/ana?x=1', 'Failed to fetch https://shop.test/…'],
    ['gig 0192f7a0-1111-7222-8333-444455556666 and 4242424242424242', 'gig # and #'],
  ])('has nobody’s words: %s', (text, clean) => expect(cleanMessage(text)).toBe(clean));

  it('names the parts of a query, and not their values', () => {
    expect(cleanQuery('?q=my+secret&category=design&q=2')).toBe('?category&q');
    expect(cleanQuery('')).toBe('');
  });

  it('tells another site by its name alone', () => {
    expect(cleanReferrer('https://search.test/?q=oficio+ana')).toBe('https://search.test/');
    expect(cleanReferrer(`${location.origin}/sellers/ana`)).toBe('');
    expect(cleanReferrer('')).toBe('');
  });

  it.each([
    ['of Chromium', 'TypeError: x\n    at pay (http://localhost/assets/a.js?v=1:2:13)\n    at async http://localhost/assets/b.js:4:5'],
    ['of Firefox', 'pay@http://localhost/assets/a.js?v=1:2:13\n@http://localhost/assets/b.js:4:5\n'],
  ])('has the stack %s, frame by frame', (_, stack) => {
    const frames = framesOf(stack);
    expect(frames[0]).toEqual({ abs_path: '/assets/a.js', filename: 'a.js', function: 'pay', lineno: 2, colno: 13 });
    expect(frames[1]).toMatchObject({ filename: 'b.js', lineno: 4 });
  });

  it('tells of a refusal its status and code, and not what it says', () => {
    const error = new ApiError({ title: 'Conflict', status: 409, code: 'username_taken', detail: 'ana is taken' });
    const line = JSON.stringify(lineOf({ is: 'error', error, handled: false, page: '/signup', at: null }, {}, visit()));
    expect(line).toContain('409 username_taken');
    expect(line).not.toContain('ana is');
  });
});

describe('a trace', () => {
  let trace: Trace;
  let facts: Fact[];
  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] });
    vi.resetModules();
    trace = await import('~/report/trace');
    facts = [];
  });
  afterEach(() => vi.useRealTimers());
  const listen = () => trace.deliverTo((fact) => facts.push(fact));
  const of = <T extends Fact['is']>(is: T) => facts.filter((f): f is Fact & { is: T } => f.is === is);

  it('begins with the page’s loading, which lasts until it is shown and its calls are answered', () => {
    trace.loading();
    vi.advanceTimersByTime(2_000); // its program is being fetched
    const one = trace.call('GET', '/gigs/top');
    trace.arrived('/');
    vi.advanceTimersByTime(500);
    one.ended(200);
    vi.advanceTimersByTime(trace.quiet);
    listen();
    const [load] = of('transaction');
    expect(load).toMatchObject({ kind: 'page-load', name: '/', calls: 1, began: 0 });
    expect((load?.ended ?? 0) - (load?.began ?? 0)).toBeGreaterThanOrEqual(2_500);
    const [span] = of('span');
    expect(span).toMatchObject({ trace: load?.trace, transaction: load?.id, route: '/gigs/top', status: 200 });
    expect(one.traceparent).toBe(`00-${load?.trace}-${span?.id}-01`);
  });

  it('goes from a press over the way to the next page to its calls', () => {
    listen();
    trace.loading();
    trace.arrived('/');
    vi.advanceTimersByTime(1_000);
    trace.pressed('Click - a');
    trace.leaving('unknown');
    vi.advanceTimersByTime(50);
    const one = trace.call('GET', '/gigs/{id}');
    trace.arrived('/gigs/{id}');
    one.ended(200);
    vi.advanceTimersByTime(trace.quiet);
    const [load, change] = of('transaction');
    expect(load?.kind).toBe('page-load');
    expect(change).toMatchObject({ kind: 'route-change', name: '/gigs/{id}', page: '/gigs/{id}', calls: 1 });
    expect(of('span')[0]?.trace).toBe(change?.trace);
  });

  it('of a press that calls the API is its own; a press that calls nothing is none', () => {
    listen();
    trace.loading();
    trace.arrived('/orders/{id}');
    vi.advanceTimersByTime(5_000);
    trace.pressed('Click - button');
    vi.advanceTimersByTime(5_000);
    trace.pressed('Submit - form');
    trace.call('POST', '/orders/{id}/pay').ended(402);
    vi.advanceTimersByTime(trace.quiet);
    expect(of('transaction').map((t) => t.name)).toEqual(['/orders/{id}', 'Submit - form']);
  });

  it('ends though an answer never comes', () => {
    listen();
    trace.loading();
    trace.arrived('/');
    trace.call('GET', '/gigs/top');
    vi.advanceTimersByTime(trace.longest + 1);
    expect(of('transaction')).toHaveLength(1);
  });

  it('ends when the page goes', () => {
    listen();
    trace.loading();
    trace.call('GET', '/gigs/top');
    vi.advanceTimersByTime(700);
    trace.endAll();
    trace.endAll();
    expect(of('transaction')).toMatchObject([{ ended: expect.any(Number) as number, calls: 1 }]);
  });

  it('tells of a call that failed, with its place in the trace', () => {
    listen();
    trace.loading();
    trace.call('GET', '/orders').ended(503);
    const [log] = of('log');
    expect(log).toMatchObject({ level: 'error', tags: { route: '/orders', status: 503 } });
    trace.endAll();
    expect(log?.at?.trace).toBe(of('span')[0]?.trace);
    expect(facts.map((f) => f.is)).toEqual(['log', 'transaction', 'span']);
  });

  it('keeps no more than a bound while nobody takes it', () => {
    for (let i = 0; i < 1_000; i++) trace.note('warning', 'again');
    listen();
    expect(facts).toHaveLength(200);
  });
});

describe('the lines', () => {
  it('are in the intake’s format', () => {
    const transaction = { is: 'transaction', id: 'a', trace: 'b', kind: 'route-change', name: '/search', page: '/search', began: 10, ended: 110.5, calls: 1 } as const;
    expect(lineOf(transaction, {}, visit())).toEqual({
      transaction: {
        id: 'a', trace_id: 'b', name: '/search', type: 'route-change', duration: 100.5, context: { page: { url: `${location.origin}/search` } },
        span_count: { started: 1 }, sampled: true, sample_rate: 1, session: { id: 'v', sequence: 1 }, outcome: 'unknown',
      },
    });
    const span = { is: 'span', id: 'c', trace: 'b', transaction: 'a', method: 'GET', route: '/gigs/{id}', status: 404, began: 20, ended: 30, since: 10 } as const;
    expect(lineOf(span, {}, visit())).toMatchObject({
      span: { id: 'c', transaction_id: 'a', parent_id: 'a', trace_id: 'b', name: 'GET /api/v1/gigs/{id}', start: 10, duration: 10, outcome: 'failure', context: { http: { status_code: 404, url: `${location.origin}/api/v1/gigs/:id` } } },
    });
    expect(exitLine('/', { INP: 120.4, CLS: 0.01234567 }, visit(), 3)).toMatchObject({
      transaction: { type: 'page-exit', context: { tags: { inp_value: 120, cls_value: 0.0123, lost: 3 } } },
    });
    expect(metadata('1')).toMatchObject({ metadata: { service: { name: 'oficio-web', version: '1', agent: { name: 'rum-js' } } } });
  });
});

describe('the post', () => {
  const line = (name: string) => ({ transaction: { name } });
  const bodies: string[] = [];
  let answer: () => Promise<Response>;
  beforeEach(() => {
    vi.useFakeTimers();
    bodies.length = 0;
    answer = async () => new Response(null, { status: 202 });
    vi.stubGlobal('fetch', vi.fn(async (_: string, init: { body: Blob }) => {
      bodies.push(await text(init.body));
      return answer();
    }));
  });
  afterEach(() => vi.useRealTimers());
  const text = (blob: Blob) => new Promise<string>((done) => {
    const reader = new FileReader();
    reader.onload = () => done(String(reader.result));
    reader.readAsText(blob);
  });
  const made = () => new Post(() => ({ metadata: {} }));
  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

  it('sends many lines in one body, each body with its head and a newline at the end', async () => {
    const post = made();
    for (let i = 0; i < 5; i++) post.add(line(`n${i}`));
    await pass(11_000);
    expect(bodies).toHaveLength(1);
    expect(bodies[0]?.split('\n')).toHaveLength(7);
    expect(bodies[0]?.startsWith('{"metadata"')).toBe(true);
    expect(bodies[0]?.endsWith('\n')).toBe(true);
  });

  it('sends a full batch at once, and never a larger one', async () => {
    const post = made();
    for (let i = 0; i < perBody + 20; i++) post.add(line(`n${i}`));
    await pass(11_000);
    expect(bodies.map((b) => b.split('\n').length - 2)).toEqual([perBody, 20]);
  });

  it('loses what is too much, and counts it', async () => {
    const post = made();
    answer = () => new Promise(() => undefined);
    for (let i = 0; i < 1_000; i++) post.add(line('n'));
    expect(post.lost).toBe(850);
  });

  it.each([404, 429, 500])('asks a server that answers %i later and later, keeps the lines, and throws nothing', async (status) => {
    const post = made();
    answer = async () => new Response(null, { status });
    post.add(line('kept'));
    await pass(3_000);
    expect(bodies).toHaveLength(1);
    await pass(13_000);
    expect(bodies).toHaveLength(1);
    await pass(3_000);
    expect(bodies).toHaveLength(2);
    await pass(50_000);
    expect(bodies).toHaveLength(2);
    answer = async () => new Response(null, { status: 202 });
    await pass(40_000);
    expect(bodies).toHaveLength(3);
    expect(bodies[2]).toContain('kept');
  });

  it('waits as long as the server asks for', async () => {
    const post = made();
    answer = async () => new Response(null, { status: 429, headers: { 'Retry-After': '120' } });
    post.add(line('n'));
    await pass(100_000);
    expect(bodies).toHaveLength(1);
    await pass(40_000);
    expect(bodies).toHaveLength(2);
  });

  it('hands what waits to the browser when the page goes, in bodies that it takes', async () => {
    const beacon = vi.fn((..._: [string, Blob]) => true);
    vi.stubGlobal('navigator', Object.assign(Object.create(navigator) as Navigator, { sendBeacon: beacon }));
    const post = made();
    answer = () => new Promise(() => undefined);
    for (let i = 0; i < 20; i++) post.add(line('x'.repeat(5_000)));
    post.leave();
    expect(beacon.mock.calls.length).toBe(2);
    for (const [, body] of beacon.mock.calls) expect(body.size).toBeLessThan(60_000);
  });
});
