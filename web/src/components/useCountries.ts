import { useMemo } from 'react';
import { useFormats } from '~/i18n/format';
import { countryCodes } from './countries';

/** All countries by name in the language that is read. */
export function useCountries() {
  const f = useFormats();
  return useMemo(() => countryCodes.map((value) => ({ value, label: f.country(value) })).sort((a, b) => a.label.localeCompare(b.label)), [f]);
}
