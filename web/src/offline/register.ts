import { whenIdle } from '~/app/whenIdle';
import { note } from '~/report/trace';

/** Who comes back without a network sees a page that says so; not where the connection is not trusted (plain HTTP). */
export function keepOfflinePage() {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  whenIdle(() => void navigator.serviceWorker.register('/sw.js', { updateViaCache: 'none' }).catch(() => note('warning', 'The service worker was refused')));
}
