import { useTranslation } from 'react-i18next';
import type { FieldError } from '~/api/problem';
import { useFormats } from '~/i18n/format';

/** The limits that a refusal names. They stand in its sentence alone, which is English; a price's are in the smallest unit. */
function limitsIn({ pointer, message }: FieldError): number[] {
  const all = [...message.matchAll(/-?\d+/g)].map((m) => Number(m[0]));
  return pointer.endsWith('/amount') ? all.map((n) => n / 100) : all;
}

/** "/packages/0/price/amount": its names, the innermost first. */
const namesOf = (pointer: string) =>
  pointer
    .split(/[/?]/)
    .filter((part) => part && !/^\d+$/.test(part))
    .reverse();

/** What is wrong with one field, in the language that is read: by the refusal's stable code, and where it is. */
export function useFieldText() {
  const { t, i18n } = useTranslation();
  const f = useFormats();
  return (wrong: FieldError): string => {
    for (const name of namesOf(wrong.pointer)) if (i18n.exists(`error.field.at.${name}.${wrong.code}`)) return t(`error.field.at.${name}.${wrong.code}`);
    const limits = limitsIn(wrong);
    if (wrong.code === 'range' && limits.length === 2) return t('error.field.range.limit', { from: f.number(limits[0]!), to: f.number(limits[1]!) });
    // "At least 1 character" is said better without the number.
    const one = wrong.code !== 'range' && limits.length === 1 && (limits[0] !== 1 || wrong.code === 'too_many') && i18n.exists(`error.field.${wrong.code}.limit`);
    if (one) return t(`error.field.${wrong.code}.limit`, { limit: f.number(limits[0]!) });
    return t(i18n.exists(`error.field.${wrong.code}.plain`) ? `error.field.${wrong.code}.plain` : 'error.field.other');
  };
}
