import { describe, expect, it } from 'vitest';
import { barsOf, brief, isWrong, ratingOf, type Entry } from '~/pages/ops/data';
import { placesOf } from '~/pages/ops/ServiceGraph';
import { rangeOf } from '~/pages/ops/rangeOf';

const entry = (id: string | null, parent: string | null, start: number, took: number | null, kind = 'span'): Entry => ({
  kind, id, parent_id: parent, transaction_id: null, service: 's', name: `${id ?? kind}`, type: null, outcome: null, level: null, status: null,
  at: '2026-01-01T00:00:00.000Z', start_us: start, duration_us: took, fields: {},
});

describe('a trace', () => {
  it('has its parts below what they are part of', () => {
    const bars = barsOf([entry('a', null, 0, 100, 'transaction'), entry('b', 'a', 10, 50), entry('d', 'a', 70, 20), entry('c', 'b', 20, 10), entry(null, 'b', 25, null, 'log')]);
    expect(bars.map((b) => `${b.depth} ${b.entry?.name}`)).toEqual(['0 a', '1 b', '2 c', '2 log', '1 d']);
    expect(bars[1]).toMatchObject({ left: 0.1, width: 0.5 });
    expect(bars[3]).toMatchObject({ left: 0.25, width: 0 });
  });

  it('shows also what has lost its parent, or is its own', () => {
    const bars = barsOf([entry('b', 'b', 0, 10), entry('c', 'd', 0, 1), entry('d', 'c', 0, 1)]);
    expect(bars).toHaveLength(3);
    expect(barsOf([])).toEqual([]);
  });

  it('says where something is missing, once for all that it led to', () => {
    const bars = barsOf([
      { ...entry('g', 'a browser', 0, 100, 'transaction'), service: 'gateway' }, // began elsewhere: nothing is missing
      entry('a', 'gone', 10, 20, 'transaction'),
      entry('b', 'gone', 50, 30, 'transaction'),
      entry('c', 'b', 60, 10),
      entry('e', 'other', 90, 10),
    ]);
    expect(bars.map((b) => `${b.depth} ${b.entry?.name ?? 'lost'}`)).toEqual(['0 g', '0 lost', '1 a', '1 b', '2 c', '0 lost', '1 e']);
    expect(bars[1]).toMatchObject({ left: 0.1, width: 0.7 });
    expect(new Set(bars.map((b) => b.key)).size).toBe(bars.length);
  });

  it('has a line of a call that was not recorded in the work that made the call', () => {
    const line = { ...entry(null, 'gone', 5, null, 'log'), transaction_id: 'a' };
    expect(barsOf([entry('a', null, 0, 10, 'transaction'), line]).map((b) => `${b.depth} ${b.entry?.name}`)).toEqual(['0 a', '1 log']);
  });

  it('has failed where somebody was at fault, and not where somebody was refused', () => {
    const of = (outcome: string, status: number | null, kind = 'span') => isWrong({ kind, outcome, status });
    expect([of('failure', 503), of('failure', null), of('success', 200, 'error')]).toEqual([true, true, true]);
    expect([of('failure', 404), of('success', 200)]).toEqual([false, false]);
  });
});

describe('a stack', () => {
  it('is read without the arguments of templates that fill a screen', () => {
    const long = `at void run<std::vector<${'x'.repeat(200)}>, a>(int)::next`;
    expect(brief(`at main\n${long}`)).toBe('at main\nat void run<…>(int)::next');
    expect(brief('at f<int>')).toBe('at f<int>');
    const uneven = `at ${'y'.repeat(200)}<`;
    expect(brief(uneven)).toBe(uneven);
  });
});

describe('vitals', () => {
  it('are good up to the bound', () => {
    expect([ratingOf('lcp', 2500), ratingOf('lcp', 2501), ratingOf('cls', 0.3)]).toEqual(['good', 'fair', 'poor']);
  });
});

describe('the map', () => {
  const none = { p50_ms: null, p95_ms: null, p99_ms: null };
  const service = (name: string) => ({ service: name, health: 'ok' as const, requests: 1, errors: 0, latency: none, last_at: null });
  it('has a column for browsers, the gateway, services and servers', () => {
    const places = placesOf({
      services: [service('gateway'), service('orders'), service('web'), service('auth')],
      dependencies: [{ from: 'orders', to: 'mongodb/orders', type: 'db', calls: 1, errors: 0, latency: none }],
    });
    const x = (name: string) => places.get(name)?.x ?? -1;
    expect(x('web')).toBeLessThan(x('gateway'));
    expect(x('gateway')).toBeLessThan(x('orders'));
    expect(x('auth')).toBe(x('orders'));
    expect(x('orders')).toBeLessThan(x('mongodb/orders'));
  });
});

describe('where an axis goes from and to', () => {
  it('has every figure within it, however fast what is measured is', () => {
    for (const [min, max] of [[0.02, 64], [0.1, 3], [0.3, 0.4], [7, 12_000]] as const) {
      const [from, to] = rangeOf(min, max, true);
      expect(from).toBeLessThanOrEqual(min);
      expect(to).toBeGreaterThan(max);
    }
  });

  it('has a logarithm where there is no figure, or none above nothing', () => {
    for (const min of [null, 0]) expect(rangeOf(min, min, true)).toEqual([0.1, 1.5]);
    expect(rangeOf(1e-9, 1, true)[0]).toBe(0.001);
  });

  it('begins with nothing where it is no logarithm', () => {
    expect(rangeOf(null, null, false)).toEqual([0, 0.1 * 1.1]);
    expect(rangeOf(40, 80, false)[0]).toBe(0);
  });
});
