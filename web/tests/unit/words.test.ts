import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

type Tree = { [key: string]: string | Tree };
const root = join(import.meta.dirname, '../../src');
const read = (language: string, file: string) => JSON.parse(readFileSync(join(root, 'i18n', language, file), 'utf8')) as Tree;

function flat(tree: Tree, at = ''): Map<string, string> {
  const all = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'string') all.set(at + key, value);
    else for (const [k, v] of flat(value, `${at}${key}.`)) all.set(k, v);
  }
  return all;
}

const plural = /_(zero|one|two|few|many|other)$/;
const files = readdirSync(join(root, 'i18n/en')).sort();
const places = (text: string) => [...new Set([...text.matchAll(/\{\{(\w+)\}\}/g)].map((m) => m[1]))].sort();

/** The forms that a language has besides _zero, which any may have. */
const forms = (language: string) => new Intl.PluralRules(language).resolvedOptions().pluralCategories;

describe('the words', () => {
  it('are in both languages, file by file', () => expect(readdirSync(join(root, 'i18n/es')).sort()).toEqual(files));

  describe.each(files)('%s', (file) => {
    const en = flat(read('en', file));
    const es = flat(read('es', file));
    const bases = (all: Map<string, string>) => [...new Set([...all.keys()].map((k) => k.replace(plural, '')))].sort();

    it('has the same keys', () => expect(bases(es)).toEqual(bases(en)));

    it('has no empty words', () => expect([...en, ...es].filter(([, text]) => !text.trim())).toEqual([]));

    it.each([['en', en], ['es', es]] as const)('has every plural form of %s', (language, all) => {
      const missing: string[] = [];
      for (const key of all.keys()) {
        const base = key.replace(plural, '');
        if (base !== key) missing.push(...forms(language).map((form) => `${base}_${form}`).filter((k) => !all.has(k)));
      }
      expect([...new Set(missing)]).toEqual([]);
    });

    it('fills the same places', () => {
      const wrong = [...es].filter(([key, text]) => {
        const other = en.get(key) ?? en.get(key.replace(plural, '_other'));
        return other !== undefined && places(text).join() !== places(other).join();
      });
      expect(wrong).toEqual([]);
    });
  });

  it('are all there that the pages ask for, and no others', () => {
    const sources = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((f) => /\.tsx?$/.test(f) && !f.includes('schema'));
    const code = sources.map((f) => readFileSync(join(root, f), 'utf8')).join('\n');
    // Keys stand in quotes; those that are made of parts (`status.${x}`) are known by what they begin with.
    const quoted = new Set([...code.matchAll(/['"`]((?:\w+:)?[\w.]+)['"`]/g)].map((m) => m[1]?.replace(/^\w+:/, '')));
    const begun = [...code.matchAll(/`(?:\w+:)?([\w.]+[._])\$\{/g)].map((m) => m[1] as string);
    const surplus: string[] = [];
    for (const file of files)
      for (const key of flat(read('en', file)).keys()) {
        const base = key.replace(plural, '');
        if (!quoted.has(base) && !quoted.has(key) && !begun.some((b) => base.startsWith(b))) surplus.push(`${file}: ${key}`);
      }
    expect(surplus).toEqual([]);
  });

  it('that a page names are there', () => {
    const known = new Map(files.map((f) => [f.replace('.json', ''), new Set([...flat(read('en', f)).keys()].flatMap((k) => [k, k.replace(plural, '')]))]));
    const missing: string[] = [];
    for (const f of readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx$/.test(name))) {
      const code = readFileSync(join(root, f), 'utf8');
      // A file speaks of the one namespace that it asks for, or, in several functions, of those.
      const spaces = [...code.matchAll(/useTranslation\((?:'(\w+)')?\)/g)].map((m) => m[1] ?? 'common');
      for (const [, space, key] of code.matchAll(/\bt\(\s*'(?:(\w+):)?([\w.]+)'/g)) {
        const asked = space ? [space] : [...spaces, 'common'];
        if (!asked.some((s) => known.get(s)?.has(key as string))) missing.push(`${f}: ${space ? `${space}:` : ''}${key}`);
      }
    }
    expect(missing).toEqual([]);
  });
});
