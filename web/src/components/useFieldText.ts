import { useTranslation } from 'react-i18next';
import type { FieldError } from '~/api/problem';
import { useFormats } from '~/i18n/format';

/** The bounds that a refusal names, as they are read: a price's in whole units. */
function boundsOf({ pointer, params = {} }: FieldError) {
  const read = (n?: number) => (n !== undefined && pointer.endsWith('/amount') ? n / 100 : n);
  return { min: read(params.min), max: read(params.max) };
}

const atLeast = ['too_short', 'too_few'];

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
    const { min, max } = boundsOf(wrong);
    if (wrong.code === 'range' && min !== undefined && max !== undefined) return t('error.field.range.limit', { from: f.number(min), to: f.number(max) });
    // "At least 1 character" is said better without the number.
    const limit = atLeast.includes(wrong.code) ? (min === 1 ? undefined : min) : max;
    if (wrong.code !== 'range' && limit !== undefined && i18n.exists(`error.field.${wrong.code}.limit`)) return t(`error.field.${wrong.code}.limit`, { limit: f.number(limit) });
    return t(i18n.exists(`error.field.${wrong.code}.plain`) ? `error.field.${wrong.code}.plain` : 'error.field.other');
  };
}
