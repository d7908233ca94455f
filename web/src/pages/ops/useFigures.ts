import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

/** Figures in the language that is read; what is not known is a dash. */
export function useFigures() {
  const { i18n } = useTranslation();
  return useMemo(() => {
    const language = i18n.language;
    const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
    const fine = new Intl.NumberFormat(language, { maximumSignificantDigits: 3 });
    const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 2 });
    const at = new Intl.DateTimeFormat(language, { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 });
    const ms = (v: number | null | undefined) => (v === null || v === undefined ? '–' : v >= 1000 ? `${fine.format(v / 1000)} s` : `${fine.format(v)} ms`);
    return {
      count: (n: number) => whole.format(n),
      fine: (n: number) => fine.format(n),
      percent: (n: number) => percent.format(n),
      ms,
      us: (v: number | null) => ms(v === null ? null : v / 1000),
      at: (time: string) => at.format(new Date(time)),
    };
  }, [i18n.language]);
}
