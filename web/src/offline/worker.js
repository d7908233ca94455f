// The service worker: a page for who visits without a network, and the program's files, whose names change with their
// content. Pages and calls always come from the server, so that nothing old is ever shown for new, and the worker may
// take over at once: it holds nothing that an open page of another version could be mixed with.
import { cleanupOutdatedCaches, precacheAndRoute, PrecacheFallbackPlugin } from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';
import { CacheFirst, NetworkOnly } from 'workbox-strategies';

const kept = 'assets';

precacheAndRoute(__OFFLINE_PAGE__, { cleanURLs: false, directoryIndex: null });
cleanupOutdatedCaches();
registerRoute(new NavigationRoute(new NetworkOnly({ plugins: [new PrecacheFallbackPlugin({ fallbackURL: '/offline.html' })] }), { denylist: [/^\/api\//] }));
registerRoute(({ url, sameOrigin }) => sameOrigin && url.pathname.startsWith('/assets/'), new CacheFirst({ cacheName: kept, matchOptions: { ignoreVary: true } }));

/** Only what this version names is kept, so that the cache does not grow with every release. */
async function forgetOldVersions() {
  const named = new Set(__ASSETS__);
  const cache = await caches.open(kept);
  const old = (await cache.keys()).filter((r) => !named.has(new URL(r.url).pathname));
  await Promise.all(old.map((r) => cache.delete(r)));
}

self.addEventListener('install', () => void self.skipWaiting());
self.addEventListener('activate', (e) => {
  // A page is asked for while the worker still wakes up, where the browser can do that.
  e.waitUntil(Promise.all([self.registration.navigationPreload?.enable(), forgetOldVersions(), self.clients.claim()]));
});
