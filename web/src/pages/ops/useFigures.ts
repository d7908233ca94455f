import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

/** Figures in the language that is read; what is not known is a dash. */
export function useFigures() {
  const { i18n } = useTranslation();
  return useMemo(() => {
    const language = i18n.language;
    const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
    // Three digits, but never finer than hundredths: nobody compares what is below.
    const fine = new Intl.NumberFormat(language, { maximumSignificantDigits: 3, maximumFractionDigits: 2, roundingPriority: 'lessPrecision' });
    const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 2 });
    const at = new Intl.DateTimeFormat(language, { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3, hourCycle: 'h23' });
    const little = `< ${fine.format(0.01)}`;
    const short = (n: number) => (n > 0 && n < 0.01 ? little : fine.format(n));
    const ms = (v: number | null | undefined) => (v === null || v === undefined ? '–' : v >= 1000 ? `${fine.format(v / 1000)} s` : `${short(v)} ms`);
    return {
      count: (n: number) => whole.format(n),
      fine: short,
      percent: (n: number) => percent.format(n),
      ms,
      us: (v: number | null) => ms(v === null ? null : v / 1000),
      span: (seconds: number) =>
        new Intl.NumberFormat(language, { style: 'unit', unit: seconds < 60 ? 'second' : seconds < 3600 ? 'minute' : 'hour', unitDisplay: 'short' }).format(
          seconds < 60 ? seconds : seconds < 3600 ? seconds / 60 : seconds / 3600,
        ),
      at: (time: string) => at.format(new Date(time)),
    };
  }, [i18n.language]);
}
