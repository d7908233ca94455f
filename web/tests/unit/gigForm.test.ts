import { describe, expect, it } from 'vitest';
import { check, emptyGig, emptyPackage, fieldsOf, formOf, type GigFields } from '~/pages/selling/gigForm';
import type { Gig } from '~/api/types';

const good: GigFields = {
  title: 'I will draw your house in ink',
  description: 'x'.repeat(120),
  category: 'design',
  subcategory: 'drawing',
  tags: ['ink'],
  packages: [{ ...emptyPackage('basic'), description: 'One drawing', price: 50 }],
  faq: [],
};
const first = (change: Partial<GigFields['packages'][number]>) => check({ ...good, packages: [{ ...good.packages[0]!, ...change }] });

describe('the form of a gig', () => {
  it('accepts a good one', () => expect(check(good)).toEqual({}));

  it('says what an empty one lacks', () => {
    expect(Object.keys(check(emptyGig)).sort()).toEqual(['category', 'description', 'packages.0.description', 'packages.0.price', 'subcategory', 'tags', 'title']);
  });

  it.each([[14, false], [15, true], [80, true], [81, false]])('takes a title of %i characters: %s', (length, fine) => {
    expect('title' in check({ ...good, title: 'é'.repeat(length) })).toBe(!fine);
  });

  it('counts characters, not halves of them, and no blanks around', () => {
    expect(check({ ...good, title: '🎨'.repeat(80) })).toEqual({});
    expect(check({ ...good, title: `  ${'a'.repeat(14)}  ` })).toHaveProperty('title');
  });

  it.each([['', false], [4.99, false], [5, true], ['10000', true], [10000.01, false], ['abc', false]])('takes the price %s: %s', (price, fine) => {
    expect('packages.0.price' in first({ price })).toBe(!fine);
  });

  it.each([[0, false], [1, true], [90, true], [91, false], [1.5, false], ['', false]])('takes %s days: %s', (delivery_days, fine) => {
    expect('packages.0.delivery_days' in first({ delivery_days })).toBe(!fine);
  });

  it('wants both halves of a question', () => {
    expect(check({ ...good, faq: [{ question: ' ', answer: 'Yes' }] })).toEqual({ 'faq.0.question': 'rule.needed' });
  });

  it('sends minor units, exactly', () => {
    const sent = formOf({ ...good, packages: [{ ...good.packages[0]!, price: '19.99' }, { ...emptyPackage('standard'), description: 'd', price: 1.1 }] }, ['p1'], 'USD');
    expect(sent.packages.map((p) => p.price.amount)).toEqual([1999, 110]);
    expect(sent.images).toEqual(['p1']);
    expect(sent.packages[0]).not.toHaveProperty('title');
  });

  it('gives back what it was made of', () => {
    const sent = formOf({ ...good, faq: [{ question: 'Why?', answer: 'So.' }] }, [], 'USD');
    expect(formOf(fieldsOf(sent as unknown as Gig), [], 'USD')).toEqual(sent);
  });
});
