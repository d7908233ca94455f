import { beforeEach, describe, expect, it, vi } from 'vitest';
import { api, onSessionEnded, sessionFetch } from '~/api/client';
import { ApiError, toError } from '~/api/problem';

const json = (status: number, body: unknown) => new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } });
const request = (path: string, init?: RequestInit) => new Request(`http://localhost${path}`, init);

/** A server whose session has run out until it is renewed. */
function server({ renews = true } = {}) {
  const seen: Request[] = [];
  let good = false;
  const fake = vi.fn(async (asked: Request) => {
    seen.push(asked);
    if (new URL(asked.url).pathname === '/api/v1/auth/refresh') {
      await Promise.resolve();
      good = renews;
      return json(renews ? 200 : 401, {});
    }
    return good ? json(200, { fine: true }) : json(401, { title: 'no', status: 401, code: 'unauthorized' });
  });
  vi.stubGlobal('fetch', fake);
  const renewals = () => seen.filter((r) => r.url.endsWith('/auth/refresh')).length;
  return { seen, renewals };
}

describe('calls', () => {
  // A relative address means this site in a browser; jsdom's Request wants a whole one.
  beforeEach(() => {
    const Whole = globalThis.Request;
    vi.stubGlobal('Request', class extends Whole {
      constructor(input: RequestInfo | URL, init?: RequestInit) {
        super(typeof input === 'string' ? new URL(input, 'http://localhost').href : input, init);
      }
    });
  });

  it('prove with the csrf cookie that this page makes them, if they change something', async () => {
    document.cookie = 'csrf=a%2Bb';
    const { seen } = server();
    await sessionFetch(request('/api/v1/x', { method: 'POST' }));
    await sessionFetch(request('/api/v1/x'));
    expect(seen[0]?.headers.get('X-CSRF-Token')).toBe('a+b');
    expect(seen.at(-1)?.headers.has('X-CSRF-Token')).toBe(false);
  });

  it('renew the session once, though two were refused at the same time', async () => {
    document.cookie = 'csrf=t';
    const { renewals } = server();
    const answers = await Promise.all([sessionFetch(request('/api/v1/a')), sessionFetch(request('/api/v1/b'))]);
    expect(answers.map((a) => a.status)).toEqual([200, 200]);
    expect(renewals()).toBe(1);
  });

  it('send a body again after the session was renewed', async () => {
    document.cookie = 'csrf=t';
    const { seen } = server();
    await sessionFetch(request('/api/v1/a', { method: 'POST', body: 'hello' }));
    expect(await seen.at(-1)?.text()).toBe('hello');
  });

  it('tell that the session has ended if it cannot be renewed', async () => {
    document.cookie = 'csrf=t';
    server({ renews: false });
    const ended = vi.fn();
    const stop = onSessionEnded(ended);
    expect((await sessionFetch(request('/api/v1/a'))).status).toBe(401);
    stop();
    expect(ended).toHaveBeenCalledOnce();
  });

  it('of a visitor, and sign-ins, renew nothing', async () => {
    const { renewals } = server();
    await sessionFetch(request('/api/v1/a'));
    document.cookie = 'csrf=t';
    await sessionFetch(request('/api/v1/auth/signin', { method: 'POST' }));
    expect(renewals()).toBe(0);
  });

  it('that nobody waits for any more are not taken for a lost network', async () => {
    const left = new AbortController();
    vi.stubGlobal('fetch', vi.fn(() => Promise.reject(new DOMException('aborted', 'AbortError'))));
    left.abort();
    await expect(sessionFetch(request('/api/v1/a', { signal: left.signal }))).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('that get no answer are told from those that are refused', async () => {
    vi.stubGlobal('fetch', vi.fn(() => Promise.reject(new TypeError('failed'))));
    await expect(sessionFetch(request('/api/v1/a'))).rejects.toMatchObject({ code: 'offline', status: 0 });
  });
});

describe('errors', () => {
  it('keep what the server says, field by field, and when to come back', () => {
    const problem = { title: 'Invalid', status: 422, code: 'validation_failed', errors: [{ pointer: '/title', code: 'too_short', message: 'is too short' }] };
    const error = toError(new Response(null, { status: 422, headers: { 'Retry-After': '7' } }), problem);
    expect(error).toBeInstanceOf(ApiError);
    expect(error.problem.errors?.[0]?.pointer).toBe('/title');
    expect(error.retryAfter).toBe(7);
  });

  it('have a code also where something else than the API answered', () => {
    expect(toError(new Response('<html>', { status: 502, statusText: 'Bad Gateway' }), null)).toMatchObject({ status: 502, code: 'unexpected_answer', retryAfter: null });
  });

  it('are thrown by the typed client', async () => {
    vi.stubGlobal('fetch', vi.fn(async () => json(404, { title: 'Not found', status: 404, code: 'not_found' })));
    expect(api).toBeDefined();
  });
});
