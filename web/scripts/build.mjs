// Builds dist/. What every page needs first comes in few files (a round trip to a telephone costs more than bytes), and
// scheme.js, which runs before all, asks for what the asked-for page will ask and tells the browser which further files it
// will want.
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
const chunksOf = (result) => result.output.filter((c) => c.type === 'chunk');

/** The chunk and all that it imports, and they import. */
function closure(chunks, from) {
  const byFile = new Map(chunks.map((c) => [c.fileName, c]));
  const found = new Set();
  const add = (c) => {
    if (!c || found.has(c)) return;
    found.add(c);
    c.imports.forEach((file) => add(byFile.get(file)));
  };
  add(from);
  return [...found];
}

const source = (id) => readFileSync(id, 'utf8');
const chunkOf = (chunks, path) => chunks.find((c) => c.facadeModuleId === `${root}src/${path}`);
const routes = [...source(`${root}src/app/routes.tsx`).matchAll(/\{ (?:index: true|path: '([^'*]+)'), lazy: [^~]*'~\/([^']+)'\)((?:, '\w+')*)\) \}/g)].map(
  ([, path = '', module, words]) => ({ path, module: `${module}.tsx`, words: [...words.matchAll(/\w+/g)].map(([name]) => name) }),
);
if (routes.length < 20) throw new Error(`only ${routes.length} pages were found`);

/** What many pages share, and crumbs that any two do, are better one file than forty. */
function sharedBy(chunks, first) {
  const uses = new Map();
  for (const { module } of routes)
    for (const c of closure(chunks, chunkOf(chunks, module)))
      if (!c.facadeModuleId && !first.includes(c)) uses.set(c, (uses.get(c) ?? 0) + 1);
  return [...uses].filter(([c, count]) => (count >= 8 && c.code.length < 8_000) || (count >= 2 && c.code.length < 1_000)).map(([c]) => c);
}

// Which modules come first is known only when unused code is away, so it is built twice.
const draft = chunksOf(await build({ root, logLevel: 'error', build: { write: false } }));
const firstOnes = closure(draft, draft.find((c) => c.isEntry));
const first = new Set(firstOnes.flatMap((c) => c.moduleIds));
const shared = new Set(sharedBy(draft, firstOnes).flatMap((c) => c.moduleIds));
const groups = [
  { name: 'react', test: /node_modules\/(react|react-dom|scheduler)\//, priority: 2 },
  { name: 'first', test: (id) => first.has(id), priority: 1 },
  { name: 'shared', test: (id) => shared.has(id), priority: 1, includeDependenciesRecursively: false },
];
const chunks = chunksOf(await build({ root, logLevel: 'warn', build: { rolldownOptions: { output: { codeSplitting: { groups } } } } }));

const html = source(`${root}dist/index.html`);
const isNamed = (c) => html.includes(`/${c.fileName}"`);
/** The files of words that a page and what it imports use. */
function namespaces(module, found = new Set(), seen = new Set()) {
  const path = [`${module}.tsx`, `${module}.ts`, module].find((p) => existsSync(`${root}src/${p}`) && /\.tsx?$/.test(p));
  if (!path || seen.has(path)) return found;
  seen.add(path);
  const text = source(`${root}src/${path}`);
  for (const [, name] of text.matchAll(/useTranslation\('(\w+)'\)/g)) found.add(name);
  for (const [, from] of text.matchAll(/^import [^;]*?from '([~.][^']+)'/gms)) namespaces(from.startsWith('~/') ? from.slice(2) : join(dirname(path), from), found, seen);
  return found;
}

const files = [];
const number = (file) => (files.includes(file) ? files.indexOf(file) : files.push(file) - 1);
const words = (name) => ['en', 'es'].map((language) => number(chunkOf(chunks, `i18n/${language}/${name}.json`).fileName));
const pages = routes.map(({ path, module, words: named }) => {
  const missing = [...namespaces(module)].filter((name) => name !== 'common' && !named.includes(name));
  if (missing.length) throw new Error(`src/app/routes.tsx does not name the words "${missing}" of ${module}`);
  const more = closure(chunks, chunkOf(chunks, module)).filter((c) => !isNamed(c));
  const styles = more.flatMap((c) => [...c.viteMetadata.importedCss]).filter((name) => !html.includes(`/${name}"`));
  return [`^/${path.replace(/:\w+/g, '[^/]+')}$`, [...more.map((c) => c.fileName), ...styles].map(number), named.map(words)];
});

/** A script of its own for the address that is opened. */
async function script(path) {
  const [built] = await build({ root, logLevel: 'error', build: { write: false, lib: { entry: `${root}src/${path}`, formats: ['iife'], name: 'oficio' } } });
  return built.output[0].code;
}

const font = readdirSync(`${root}dist/assets`).find((name) => /^inter-latin-wght-normal-.*\.woff2$/.test(name));

const tell = (files, everywhere, pages, font) => {
  const es = document.documentElement.lang === 'es' ? 1 : 0;
  const link = (rel, href, as) => document.head.append(Object.assign(document.createElement('link'), { rel, href, crossOrigin: '', ...(as ? { as } : {}) }));
  // Texts do not change their font once they are painted, so it must be here by then; a slow network has better to do.
  const network = navigator.connection;
  if (!network || (!network.saveData && network.downlink >= 3)) link('preload', `/assets/${font}`, 'font');
  const wanted = everywhere.map((w) => w[es]);
  const page = pages.find((p) => new RegExp(p[0]).test(location.pathname));
  if (page) wanted.push(...page[1], ...page[2].map((w) => w[es]));
  for (const at of wanted) {
    if (files[at].endsWith('.css')) link('preload', `/${files[at]}`, 'style');
    else link('modulepreload', `/${files[at]}`);
  }
};
const everywhere = [words('common')];
// The page for who is offline has a script of its own, with the first part of scheme.js.
writeFileSync(`${root}dist/offline.js`, source(`${root}dist/scheme.js`) + source(`${root}src/offline/page.js`));
appendFileSync(`${root}dist/scheme.js`, `${await script('first/ask.ts')}\n(${tell})(${JSON.stringify(files)},${JSON.stringify(everywhere)},${JSON.stringify(pages)},${JSON.stringify(font)});\n`);

// The service worker is told what it keeps; a change of any of it is a new worker.
const offlinePage = ['offline.html', 'offline.css', 'offline.js', 'favicon.svg'].map((name) => ({ url: `/${name}`, revision: createHash('sha256').update(source(`${root}dist/${name}`)).digest('hex').slice(0, 16) }));
await build({
  root,
  configFile: false,
  publicDir: false,
  logLevel: 'warn',
  define: { __OFFLINE_PAGE__: JSON.stringify(offlinePage), __ASSETS__: JSON.stringify(readdirSync(`${root}dist/assets`).map((name) => `/assets/${name}`)), 'process.env.NODE_ENV': '"production"' },
  build: { target: 'es2022', emptyOutDir: false, modulePreload: false, rolldownOptions: { input: `${root}src/offline/worker.js`, output: { format: 'iife', entryFileNames: 'sw.js' } } },
});
