// Packs dist/ into one file that the gateway carries: an index in one line of JSON, then the bytes of each
// file, as it is and compressed. Fails where the first load would be heavier than what slow networks bear.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.webmanifest': 'application/manifest+json',
};
const compressible = new Set(['.html', '.js', '.css', '.json', '.svg', '.webmanifest']);

const walk = (folder) =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? walk(path) : [path];
  });

const parts = [];
let offset = 0;
const keep = (bytes) => {
  parts.push(bytes);
  offset += bytes.length;
  return [offset - bytes.length, bytes.length];
};

const files = walk(dist)
  .filter((path) => !path.endsWith('bundle.bin'))
  .sort()
  .map((path) => {
    const bytes = readFileSync(path);
    const ending = extname(path);
    if (!types[ending]) throw new Error(`${path}: nobody knows the type of ${ending}`);
    const packs = compressible.has(ending) && bytes.length > 512;
    return {
      path: `/${relative(dist, path).replaceAll('\\', '/')}`,
      type: types[ending],
      etag: createHash('sha256').update(bytes).digest('hex').slice(0, 32),
      // The name changes with the content, so it can be kept for ever.
      immutable: relative(dist, path).startsWith('assets/'),
      plain: keep(bytes),
      gzip: packs ? keep(gzipSync(bytes, { level: 9 })) : null,
      br: packs
        ? keep(brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }))
        : null,
    };
  });

// The addresses that are pages of the application; any other is 404, with the page that says so.
const routes = readFileSync(join(root, 'src/app/routes.tsx'), 'utf8');
const pages = ['/', ...[...routes.matchAll(/path: '([^'*]+)'/g)].map((m) => `/${m[1].replace(/:(\w+)/g, '{$1}')}`)];

const size = (file) => (file.br ?? file.plain)[1];
const html = readFileSync(join(dist, 'index.html'), 'utf8');
const first = files.filter((f) => html.includes(`"${f.path}"`));
const weight = (ending) => first.filter((f) => f.path.endsWith(ending)).reduce((sum, f) => sum + size(f), 0);
const limits = { '.js': 220_000, '.css': 20_000 };
let heavy = false;
for (const [ending, most] of Object.entries(limits)) {
  console.log(`first load ${ending}: ${weight(ending)} bytes compressed, at most ${most}`);
  heavy ||= weight(ending) > most;
}
for (const f of files.filter((f) => f.path.endsWith('.js') && !first.includes(f) && size(f) > 60_000)) {
  console.log(`${f.path}: a chunk of ${size(f)} bytes, at most 60000`);
  heavy = true;
}
if (heavy) process.exit(1);

writeFileSync(join(dist, 'bundle.bin'), Buffer.concat([Buffer.from(`${JSON.stringify({ pages, files })}\n`), ...parts]));
console.log(`${files.length} files, ${offset} bytes`);
