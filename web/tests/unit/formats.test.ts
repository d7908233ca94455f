import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { formats } from '~/i18n/format';

const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

describe('formats', () => {
  beforeEach(() => vi.useFakeTimers({ now: new Date('2026-03-10T12:00:00Z') }));
  afterEach(() => vi.useRealTimers());

  it('writes minor units as money of the language', () => {
    const m = { amount: 123456, currency: 'USD' };
    expect(plain(formats('en').money(m))).toBe('$1,234.56');
    expect(plain(formats('es').money(m))).toBe('1234,56 US$');
  });

  it('leaves out cents only where there are none', () => {
    const f = formats('en');
    expect(f.money({ amount: 12000, currency: 'USD' }, true)).toBe('$120');
    expect(f.money({ amount: 12050, currency: 'USD' }, true)).toBe('$120.50');
    expect(f.money({ amount: 12000, currency: 'USD' })).toBe('$120.00');
  });

  it('tells how long ago in the largest unit that fits', () => {
    const f = formats('en');
    expect(f.ago('2026-03-10T11:59:30Z')).toBe('30 seconds ago');
    expect(f.ago('2026-03-10T11:00:00Z')).toBe('1 hour ago');
    expect(f.ago('2026-03-09T12:00:00Z')).toBe('yesterday');
    expect(f.ago('2026-03-12T12:00:00Z')).toBe('in 2 days');
    expect(formats('es').ago('2026-03-09T12:00:00Z')).toBe('ayer');
  });

  it('never says 60 minutes or 24 hours', () => {
    const f = formats('en');
    expect(f.ago('2026-03-10T11:00:00.400Z')).toBe('1 hour ago');
    expect(f.ago('2026-03-09T12:00:10Z')).toBe('yesterday');
    expect(f.ago('2026-03-10T11:59:00.300Z')).toBe('1 minute ago');
  });

  it('names countries and languages, and gives back what it does not know', () => {
    expect(formats('es').country('DE')).toBe('Alemania');
    expect(formats('en').languageName('es')).toBe('Spanish');
    expect(formats('en').country('')).toBe('');
    expect(formats('en').country('not a country')).toBe('not a country');
  });

  it('gives marks one decimal', () => {
    expect(formats('en').average(5)).toBe('5.0');
    expect(formats('es').average(4.66)).toBe('4,7');
  });
});
