// What a page asks the server first, known from its address alone: so it is asked while the program is still on its way.
// It must be what the page then asks, to the letter; tests/web/first.mjs holds each to that.
import { queryOf, searchPageSize } from '~/pages/search/filters';

interface Asked {
  path: string;
  /** The pictures that the page shows first, from the answer: those too can come beside the program. */
  pictures?: (answer: unknown) => string[];
}

type Pictured = { images: string[] };
const picture = (id: string | undefined, small: boolean) => (id ? [`/api/v1/files/${encodeURIComponent(id)}${small ? '?size=small' : ''}`] : []);
const ofGig = (answer: unknown) => picture((answer as Pictured).images[0], false);
const ofGigs = (answer: unknown) => (answer as { items: Pictured[] }).items.slice(0, 2).flatMap((gig) => picture(gig.images[0], true));

function search(parameters: string): string {
  const query = Object.entries({ ...queryOf(new URLSearchParams(parameters)), limit: searchPageSize });
  return query.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
}

const pages: { at: RegExp; own?: true; asks: (id: string, parameters: string) => Asked[] }[] = [
  { at: /^\/$/, asks: () => [{ path: '/categories' }, { path: '/gigs/top?limit=8' }] },
  { at: /^\/search$/, asks: (_, parameters) => [{ path: `/gigs/search?${search(parameters)}`, pictures: ofGigs }, { path: '/categories' }] },
  { at: /^\/gigs\/([0-9a-f-]{36})$/, asks: (id) => [{ path: `/gigs/${id}`, pictures: ofGig }, { path: '/categories' }] },
  { at: /^\/sellers\/([a-z0-9_-]+)$/, asks: (name) => [{ path: `/sellers/${name}` }, { path: `/sellers/${name}/gigs?limit=12` }] },
  { at: /^\/conversations$/, own: true, asks: () => [{ path: '/conversations?limit=30' }] },
  {
    at: /^\/conversations\/([0-9a-f-]{36})$/,
    own: true,
    asks: (id) => [{ path: `/conversations/${id}` }, { path: `/conversations/${id}/messages?limit=40` }, { path: '/conversations?limit=30' }],
  },
  { at: /^\/orders\/([0-9a-f-]{36})$/, own: true, asks: (id) => [{ path: `/orders/${id}` }] },
];

/** The first calls of the page at this address; `known` says whether the browser may be signed in. */
export function firstCalls(path: string, parameters: string, known: boolean): Asked[] {
  const me: Asked[] = known ? [{ path: '/auth/me' }] : [];
  const page = pages.find((p) => p.at.test(path));
  if (!page || (page.own && !known)) return me;
  return [...me, ...page.asks(page.at.exec(path)?.[1] ?? '', parameters)];
}
