import { renderHook } from '@testing-library/react';
import i18next from 'i18next';
import { readdirSync, readFileSync } from 'node:fs';
import yaml from 'js-yaml';
import { I18nextProvider, initReactI18next } from 'react-i18next';
import { beforeAll, describe, expect, it } from 'vitest';
import { ApiError } from '~/api/problem';
import { useProblemText } from '~/components/states';

const contracts = process.env.OFICIO_CONTRACTS ?? `${import.meta.dirname}/../../../contracts/openapi`;
const words = (language: string) => JSON.parse(readFileSync(`${import.meta.dirname}/../../src/i18n/${language}/common.json`, 'utf8')) as { error: { code: Record<string, string>; hint: string } };

type Operation = { 'x-codes'?: Record<string, string[]> };
const operations = readdirSync(contracts)
  .filter((name) => name.endsWith('.yaml'))
  .flatMap((name) => Object.values((yaml.load(readFileSync(`${contracts}/${name}`, 'utf8')) as { paths?: Record<string, Record<string, Operation>> }).paths ?? {}))
  .flatMap((path) => Object.values(path));
const codes = [...new Set(operations.flatMap((o) => Object.values(o['x-codes'] ?? {}).flat()))].sort();

/** What only programs that are wrong meet, or what the pages answer themselves: no person reads it. */
const unread = [
  'ambiguous_length', 'bad_length', 'bad_signature', 'bad_target', 'bad_transfer_encoding', 'invalid_refresh_token', 'malformed_multipart',
  'malformed_request', 'old_signature', 'own_message', 'rate_limited', 'refresh_reused', 'unsupported_media_type',
];

function say(language: string, code: string, status = 409) {
  const own = i18next.cloneInstance({ lng: language });
  const { result } = renderHook(() => useProblemText(), { wrapper: ({ children }) => <I18nextProvider i18n={own}>{children}</I18nextProvider> });
  return result.current(new ApiError({ title: 'Conflict', status, code, detail: 'What the service says.' }));
}

describe('what a refusal means', () => {
  beforeAll(async () => {
    await i18next.use(initReactI18next).init({ lng: 'es', fallbackLng: false, defaultNS: 'common', interpolation: { escapeValue: false }, resources: { en: { common: words('en') }, es: { common: words('es') } } });
  });

  it('has words for every code of the contract that somebody may read', () => {
    expect(codes.length).toBeGreaterThan(30);
    expect(codes.filter((code) => !(code in words('es').error.code) && !unread.includes(code))).toEqual([]);
  });

  it('is never told in another language than the page', () => {
    expect(say('es', 'brand_new')).toBe(words('es').error.hint);
    expect(say('en', 'brand_new')).toBe('What the service says.');
  });
});
