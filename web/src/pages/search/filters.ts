import type { paths } from '~/api/schema';

export type SearchQuery = NonNullable<paths['/gigs/search']['get']['parameters']['query']>;

export const searchPageSize = 24;

export const sorts = ['relevance', 'best_selling', 'rating', 'newest', 'price_asc', 'price_desc'] as const;
export type Sort = (typeof sorts)[number];

const texts = ['q', 'category', 'subcategory', 'tags', 'country', 'language', 'seller'] as const;
const numbers = ['min_price', 'max_price', 'delivery_days', 'min_rating'] as const;

/** The search that an address asks for; what makes no sense in it is left out. */
export function queryOf(params: URLSearchParams): SearchQuery {
  const query: Record<string, string | number> = {};
  for (const name of texts) {
    const value = params.get(name)?.trim();
    if (value) query[name] = value.slice(0, 200);
  }
  for (const name of numbers) {
    const value = Number(params.get(name));
    if (params.get(name) && Number.isFinite(value) && value > 0) query[name] = name === 'min_rating' ? value : Math.max(1, Math.round(value));
  }
  const sort = params.get('sort');
  if (sort && (sorts as readonly string[]).includes(sort)) query['sort'] = sort;
  return query as SearchQuery;
}

/** The address of the same search with these parts changed; undefined takes one out. */
export function changed(params: URLSearchParams, changes: Record<string, string | undefined>): URLSearchParams {
  const next = new URLSearchParams(params);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined || value === '') next.delete(name);
    else next.set(name, value);
  }
  return next;
}

/** The filters that are on, apart from the text and the order. */
export const activeFilters = (query: SearchQuery) =>
  Object.keys(query).filter((name) => name !== 'q' && name !== 'sort') as (keyof SearchQuery)[];
