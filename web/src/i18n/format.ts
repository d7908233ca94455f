import { useTranslation } from 'react-i18next';
import type { Money } from '~/api/types';

const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

// Making a formatter takes long beside using it, and a page with many texts uses the same few.
function kept<T>(make: (language: string, detail: string) => T) {
  const all = new Map<string, T>();
  return (language: string, detail = ''): T => {
    const key = `${language} ${detail}`;
    const found = all.get(key) ?? make(language, detail);
    all.set(key, found);
    return found;
  };
}

const moneyFormat = kept((language, currency) => new Intl.NumberFormat(language, { style: 'currency', currency }));
const wholeMoneyFormat = kept((language, currency) => new Intl.NumberFormat(language, { style: 'currency', currency, maximumFractionDigits: 0 }));
const countryNames = kept((language) => new Intl.DisplayNames([language], { type: 'region' }));
const languageNames = kept((language) => new Intl.DisplayNames([language], { type: 'language' }));

export const formats = kept(makeFormats);

function makeFormats(language: string) {
  const money = (m: Money, whole = false) =>
    (whole && m.amount % 100 === 0 ? wholeMoneyFormat : moneyFormat)(language, m.currency).format(m.amount / 100);
  const day = new Intl.DateTimeFormat(language, { dateStyle: 'medium' });
  const time = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
  const clock = new Intl.DateTimeFormat(language, { timeStyle: 'short' });
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  const number = new Intl.NumberFormat(language);
  const average = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  return {
    money,
    day: (at: string) => day.format(new Date(at)),
    time: (at: string) => time.format(new Date(at)),
    clock: (at: string) => clock.format(new Date(at)),
    number: (n: number) => number.format(n),
    decimalMark: number.formatToParts(0.5).find((part) => part.type === 'decimal')?.value ?? '.',
    average: (n: number) => average.format(n),
    ago: (at: string) => {
      const seconds = (new Date(at).getTime() - Date.now()) / 1000;
      // What would be rounded up to a whole larger unit is told in that: an hour, never 60 minutes.
      const fits = ([, s]: (typeof units)[number], i: number) => Math.abs(seconds) >= s - (units[i + 1]?.[1] ?? 1) / 2;
      const [unit, size] = units.find(fits) ?? ['second', 1];
      return relative.format(Math.round(seconds / size), unit);
    },
    country: (code: string) => {
      try {
        return (code && countryNames(language).of(code)) || code;
      } catch {
        return code;
      }
    },
    languageName: (code: string) => {
      try {
        return (code && languageNames(language).of(code)) || code;
      } catch {
        return code;
      }
    },
  };
}

/** Money, dates and names in the language that is read. */
export function useFormats() {
  const { i18n } = useTranslation();
  return formats(i18n.language);
}
