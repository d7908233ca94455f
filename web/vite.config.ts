import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')) as { version: string };
const gateway = process.env.OFICIO_URL ?? 'http://127.0.0.1:4000';

// The page's bones say the home page's first words, in both languages; the style sheet shows one.
const hero = {
  name: 'hero',
  transformIndexHtml: (html: string) => {
    const words = ['en', 'es'].map((language) => {
      const { title, lead } = JSON.parse(readFileSync(new URL(`src/i18n/${language}/home.json`, import.meta.url), 'utf8')) as { title: string; lead: string };
      const plain = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
      return `<h2 lang="${language}">${plain(title)}</h2><p lang="${language}">${plain(lead)}</p>`;
    });
    return html.replace('<!-- hero -->', words.join(''));
  },
};

export default defineConfig({
  plugins: [react(), hero],
  define: { __VERSION__: JSON.stringify(version) },
  resolve: { alias: { '~': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    target: 'es2022',
    sourcemap: false,
    assetsInlineLimit: 0, // the Content-Security-Policy has no data: for scripts and fonts
  },
  server: {
    port: 5173,
    strictPort: true,
    proxy: { '/api': gateway, '/intake': gateway, '/dev': gateway, '/socket.io': { target: gateway, ws: true } },
  },
  test: { environment: 'jsdom', setupFiles: ['tests/unit/setup.ts'], include: ['tests/unit/**/*.test.{ts,tsx}'] },
});
