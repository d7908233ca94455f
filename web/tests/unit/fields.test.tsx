import { renderHook } from '@testing-library/react';
import i18next from 'i18next';
import { readFileSync } from 'node:fs';
import yaml from 'js-yaml';
import { I18nextProvider, initReactI18next } from 'react-i18next';
import { beforeAll, describe, expect, it } from 'vitest';
import type { FieldError } from '~/api/problem';
import { useFieldText } from '~/components/useFieldText';

const words = (language: string) => JSON.parse(readFileSync(`${import.meta.dirname}/../../src/i18n/${language}/common.json`, 'utf8')) as Record<string, unknown>;
const contracts = process.env.OFICIO_CONTRACTS ?? `${import.meta.dirname}/../../../contracts/openapi`;

interface Common {
  components: { schemas: { problem: { properties: { errors: { items: { properties: { code: { 'x-codes': string[] } } } } } } } };
}
const common = yaml.load(readFileSync(`${contracts}/common.yaml`, 'utf8')) as Common;
const codes = common.components.schemas.problem.properties.errors.items.properties.code['x-codes'];

function say(language: string, pointer: string, code: string, params?: FieldError['params'], message = 'must not be so') {
  const own = i18next.cloneInstance({ lng: language });
  const { result } = renderHook(() => useFieldText(), { wrapper: ({ children }) => <I18nextProvider i18n={own}>{children}</I18nextProvider> });
  return result.current({ pointer, code, message, params });
}

describe('what is wrong with a field', () => {
  beforeAll(async () => {
    await i18next.use(initReactI18next).init({ lng: 'es', fallbackLng: false, defaultNS: 'common', interpolation: { escapeValue: false }, resources: { en: { common: words('en') }, es: { common: words('es') } } });
  });

  it.each(['en', 'es'])('has words for every code of the contract (%s)', (language) => {
    const other = say(language, '/x', 'no_such_code');
    const field = (words(language) as { error: { field: { at: Record<string, Record<string, string>> } } }).error.field;
    const missing = codes.filter((code) => say(language, '/x', code) === other && !Object.values(field.at).some((at) => at[code]));
    expect(missing).toEqual([]);
  });

  it('is told in the language of the page, never in that of the service', () => {
    expect(say('es', '/title', 'too_short', { min: 15 })).toBe('Escribe al menos 15 caracteres.');
    expect(say('en', '/title', 'too_short', { min: 15 })).toBe('Write at least 15 characters.');
    expect(say('es', '/tags', 'too_many', { max: 1 })).toBe('Como mucho 1.');
    expect(say('es', '/title', 'too_short', { min: 1 })).toBe('Es demasiado corto.');
    expect(say('es', '/title', 'brand_new', { min: 15 })).toBe('Esto no se puede aceptar así.');
  });

  it('names no number that the service did not tell as one', () => {
    expect(say('es', '/expires_at', 'range', undefined, 'must be from 1 to 30 days ahead')).toBe('Este valor no es posible.');
    expect(say('es', '/title', 'too_long', undefined, 'must fit in 2 lines')).toBe('Es demasiado largo.');
  });

  it('knows places that have words of their own, and prices', () => {
    expect(say('es', '/method/card', 'invalid_card')).toContain('tarjetas de prueba');
    expect(say('es', '/links/3', 'format')).toContain('https://');
    expect(say('en', '/packages/0/price/amount', 'range', { min: 500, max: 1_000_000 })).toBe('From 5 to 10,000.');
    expect(say('es', '/username', 'format')).toContain('De 3 a 30');
  });
});
