import { describe, expect, it } from 'vitest';
import { activeFilters, changed, queryOf } from '~/pages/search/filters';

const of = (text: string) => queryOf(new URLSearchParams(text));

describe('a search and its address', () => {
  it('takes texts and numbers', () => {
    expect(of('q=logo&category=design&min_price=500&min_rating=4.5&sort=price_asc')).toEqual({ q: 'logo', category: 'design', min_price: 500, min_rating: 4.5, sort: 'price_asc' });
  });

  it('leaves out what makes no sense', () => {
    expect(of('q=%20%20&min_price=abc&max_price=-5&delivery_days=0&min_rating=Infinity&sort=upwards&color=red')).toEqual({});
  });

  it('cuts a text that is too long', () => {
    expect(of(`q=${'a'.repeat(500)}`).q).toHaveLength(200);
  });

  it('rounds what the service takes only as a whole number', () => {
    expect(of('min_price=499.6&delivery_days=2.2')).toEqual({ min_price: 500, delivery_days: 2 });
  });

  it('sets, replaces and removes, and keeps the rest', () => {
    const before = new URLSearchParams('q=logo&category=design&sort=newest');
    expect(changed(before, { category: 'music', sort: undefined, country: 'ES' }).toString()).toBe('q=logo&category=music&country=ES');
    expect(changed(before, { q: '' }).has('q')).toBe(false);
    expect(before.toString()).toBe('q=logo&category=design&sort=newest');
  });

  it('comes back from the address as it was', () => {
    const query = of('q=caf%C3%A9&tags=a%26b&min_price=1000&language=es');
    const again = of(changed(new URLSearchParams(), Object.fromEntries(Object.entries(query).map(([k, v]) => [k, String(v)]))).toString());
    expect(again).toEqual(query);
  });

  it('counts neither text nor order as filters', () => {
    expect(activeFilters(of('q=a&sort=newest&category=design&min_rating=4'))).toEqual(['category', 'min_rating']);
  });
});
