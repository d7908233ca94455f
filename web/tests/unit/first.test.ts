import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { firstCalls } from '~/first/calls';

const id = '0193cab8-ab8e-7001-b59c-907087b39155';
const paths = (path: string, parameters = '', known = false) => firstCalls(path, parameters, known).map((c) => c.path);

describe('the first calls of a page', () => {
  it('are known from its address', () => {
    expect(paths('/')).toEqual(['/categories', '/gigs/top?limit=8']);
    expect(paths(`/gigs/${id}`)[0]).toBe(`/gigs/${id}`);
    expect(paths('/search', '?q=logo%20%26%20m%C3%A1s&min_price=12.4&sort=nonsense&x=1')[0]).toBe('/gigs/search?q=logo%20%26%20m%C3%A1s&min_price=12&limit=24');
  });

  it('are none for addresses that mean something else', () => {
    for (const path of ['/gigs/new', `/gigs/${id}/edit`, '/sellers/../x', '/signin', '/nowhere']) expect(paths(path)).toEqual([]);
  });

  it('ask for what is somebody’s own only where somebody may be signed in', () => {
    expect(paths(`/orders/${id}`)).toEqual([]);
    expect(paths(`/orders/${id}`, '', true)).toEqual(['/auth/me', `/orders/${id}`]);
  });

  it('name the pictures in the answers', () => {
    const [gig] = firstCalls(`/gigs/${id}`, '', false);
    expect(gig?.pictures?.({ images: ['gig_1', 'gig_2'] })).toEqual(['/api/v1/files/gig_1']);
    expect(gig?.pictures?.({ images: [] })).toEqual([]);
    const [found] = firstCalls('/search', '', false);
    expect(found?.pictures?.({ items: [{ images: ['a'] }, { images: [] }, { images: ['c'] }] })).toEqual(['/api/v1/files/a?size=small']);
  });
});

describe('an answer that was asked for early', () => {
  const early = (answer: Promise<Response>, began = performance.now()) => {
    window.oficioFirst = { trace: 'a'.repeat(32), calls: { '/api/v1/categories': { answer, span: 'b'.repeat(16), began } } };
  };
  const json = (body: unknown) => new Response(JSON.stringify(body), { headers: { 'Content-Type': 'application/json' } });
  const fake = vi.fn(async () => json({ items: ['now'] }));
  beforeEach(() => {
    const Whole = globalThis.Request;
    vi.stubGlobal('Request', class extends Whole {
      constructor(input: RequestInfo | URL, init?: RequestInit) {
        super(typeof input === 'string' ? new URL(input, location.href).href : input, init);
      }
    });
    vi.stubGlobal('fetch', fake);
    fake.mockClear();
    vi.resetModules();
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    delete window.oficioFirst;
  });
  const categories = async () => {
    const { api, got } = await import('~/api/client');
    return got(api.GET('/categories')) as unknown as Promise<{ items: string[] }>;
  };

  it('is taken once, and the next call is made', async () => {
    early(Promise.resolve(json({ items: ['early'] })));
    expect((await categories()).items).toEqual(['early']);
    expect(fake).not.toHaveBeenCalled();
    expect((await categories()).items).toEqual(['now']);
  });

  it('that never came, or is old, is asked for now', async () => {
    const lost = Promise.reject(new TypeError('no network'));
    lost.catch(() => undefined);
    early(lost);
    expect((await categories()).items).toEqual(['now']);
    early(Promise.resolve(json({ items: ['early'] })), performance.now() - 60_000);
    expect((await categories()).items).toEqual(['now']);
  });

  it('is a span of the page’s loading, from when it was asked for', async () => {
    early(Promise.resolve(json({ items: [] })), performance.now() - 100);
    const trace = await import('~/report/trace');
    const spans: { trace: string; id: string; began: number; ended: number }[] = [];
    trace.deliverTo((fact) => void (fact.is === 'span' && spans.push(fact)));
    trace.loading();
    trace.arrived('/');
    await categories();
    trace.endAll();
    expect(spans).toHaveLength(1);
    expect(spans[0]).toMatchObject({ trace: 'a'.repeat(32), id: 'b'.repeat(16) });
    expect((spans[0]?.ended ?? 0) - (spans[0]?.began ?? 0)).toBeGreaterThanOrEqual(100);
  });
});

describe('answers that are here before the page is drawn', () => {
  const call = (answer: Promise<Response>) => ({ answer, span: 'b'.repeat(16), began: performance.now() });
  const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status });
  afterEach(() => void delete window.oficioFirst);

  it('are known to it; what was refused or is late is left for it to take', async () => {
    const lost = Promise.reject(new TypeError('no network'));
    lost.catch(() => undefined);
    window.oficioFirst = {
      trace: 'a'.repeat(32),
      calls: {
        '/api/v1/auth/me': call(Promise.resolve(json({ account: { id: '7' } }))),
        '/api/v1/categories': call(new Promise(() => undefined)),
        [`/api/v1/gigs/${id}`]: call(Promise.resolve(json({ code: 'no_such_gig' }, 404))),
        [`/api/v1/orders/${id}`]: call(lost),
      },
    };
    const { QueryClient } = await import('@tanstack/react-query');
    const { prime } = await import('~/first/prime');
    const { keys } = await import('~/api/keys');
    const client = new QueryClient();
    await prime(client);
    expect(client.getQueryData(keys.me)).toEqual({ id: '7' });
    expect(client.getQueryCache().getAll()).toHaveLength(1);
    expect(Object.keys(window.oficioFirst.calls)).toEqual(['/api/v1/categories', `/api/v1/gigs/${id}`, `/api/v1/orders/${id}`]);
  });

  it('of a conversation are kept as its page keeps them', async () => {
    const list = { items: [{ id }], unread: 0, next_cursor: null };
    const messages = { items: [{ seq: 1 }] };
    window.oficioFirst = {
      trace: 'a'.repeat(32),
      calls: {
        '/api/v1/conversations?limit=30': call(Promise.resolve(json(list))),
        [`/api/v1/conversations/${id}`]: call(Promise.resolve(json({ id }))),
        [`/api/v1/conversations/${id}/messages?limit=40`]: call(Promise.resolve(json(messages))),
      },
    };
    const { QueryClient } = await import('@tanstack/react-query');
    const { prime } = await import('~/first/prime');
    const { keys } = await import('~/api/keys');
    const client = new QueryClient();
    await prime(client);
    expect(client.getQueryData(keys.conversationList)).toEqual({ pages: [list], pageParams: [undefined] });
    expect(client.getQueryData(keys.conversation(id))).toEqual({ id });
    expect(client.getQueryData(keys.messages(id))).toEqual({ pages: [messages], pageParams: [undefined] });
    expect(window.oficioFirst.calls).toEqual({});
  });

  it('of a search are kept under the search of the address', async () => {
    history.replaceState(null, '', '/search?q=logo&x=1');
    window.oficioFirst = { trace: 'a'.repeat(32), calls: { '/api/v1/gigs/search?q=logo&limit=24': call(Promise.resolve(json({ items: [] }))) } };
    const { QueryClient } = await import('@tanstack/react-query');
    const { prime } = await import('~/first/prime');
    const { keys } = await import('~/api/keys');
    const client = new QueryClient();
    await prime(client);
    expect(client.getQueryData(keys.search('{"q":"logo"}'))).toEqual({ pages: [{ items: [] }], pageParams: [undefined] });
    history.replaceState(null, '', '/');
  });
});
