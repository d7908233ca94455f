// The application's own words, so that a test finds what a person reads in the language of the browser.
import { readFileSync } from 'node:fs';

/** words('es')('orders:pay.card'); `{{name}}` filled from the second argument, plural forms by the key itself. */
export function words(language) {
  const files = new Map();
  const load = (name) => {
    if (!files.has(name)) files.set(name, JSON.parse(readFileSync(new URL(`../../../web/src/i18n/${language}/${name}.json`, import.meta.url), 'utf8')));
    return files.get(name);
  };
  return (key, values = {}) => {
    const [file, path] = key.split(':');
    const text = path.split('.').reduce((at, part) => at?.[part], load(file));
    if (typeof text !== 'string') throw new Error(`no words ${key} in ${language}`);
    return text.replace(/\{\{(\w+)\}\}/g, (_, name) => String(values[name]));
  };
}
