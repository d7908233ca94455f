import { describe, expect, it } from 'vitest';
import { barsOf, ratingOf, type Entry } from '~/pages/ops/data';
import { placesOf } from '~/pages/ops/ServiceGraph';

const entry = (id: string | null, parent: string | null, start: number, took: number | null, kind = 'span'): Entry => ({
  kind, id, parent_id: parent, transaction_id: null, service: 's', name: `${id ?? kind}`, type: null, outcome: null, level: null, status: null,
  at: '2026-01-01T00:00:00.000Z', start_us: start, duration_us: took, fields: {},
});

describe('a trace', () => {
  it('has its parts below what they are part of', () => {
    const bars = barsOf([entry('a', null, 0, 100, 'transaction'), entry('b', 'a', 10, 50), entry('d', 'a', 70, 20), entry('c', 'b', 20, 10), entry(null, 'b', 25, null, 'log')]);
    expect(bars.map((b) => `${b.depth} ${b.entry.name}`)).toEqual(['0 a', '1 b', '2 c', '2 log', '1 d']);
    expect(bars[1]).toMatchObject({ left: 0.1, width: 0.5 });
    expect(bars[3]).toMatchObject({ left: 0.25, width: 0 });
  });

  it('shows also what has lost its parent, or is its own', () => {
    const bars = barsOf([entry('a', 'gone', 0, 10), entry('b', 'b', 0, 10), entry('c', 'd', 0, 1), entry('d', 'c', 0, 1)]);
    expect(bars).toHaveLength(4);
    expect(barsOf([])).toEqual([]);
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
