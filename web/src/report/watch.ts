import type { RouterState } from 'react-router';
import { whenIdle } from '~/app/whenIdle';
import { arrived, fault, leaving, loading, pressed } from './trace';

interface Watched {
  state: RouterState;
  subscribe: (listener: (state: RouterState) => void) => () => void;
}

/** The route of the page that is shown: "/gigs/{id}", never the address with ids and names. */
function routeOf(state: RouterState): string {
  const path = state.matches.map((m) => m.route.path ?? '').filter(Boolean).join('/');
  return path === '*' ? '*' : `/${path}`.replace(/:(\w+)\??/g, '{$1}');
}

const pressable = 'button, a, summary, input, select, [role=button], [role=menuitem], [role=option], [role=tab]';

/** Watches this page from its first moment; the reporter follows when the page has loaded and has time. */
export function watchPage(router: Watched) {
  loading();
  window.addEventListener('error', (e) => {
    if (e.error) fault(e.error, false);
  });
  window.addEventListener('unhandledrejection', (e) => fault(e.reason, false));
  const press = (e: Event) => {
    const on = e.target instanceof Element ? e.target.closest(pressable) : null;
    if (on) pressed(`Click - ${on.getAttribute('role') ?? on.localName}`);
  };
  document.addEventListener('click', press, true);
  document.addEventListener('submit', () => pressed('Submit - form'), true);

  let shown = router.state.location.pathname;
  let on = router.state.initialized;
  if (on) arrived(routeOf(router.state));
  router.subscribe((state) => {
    const next = state.navigation.location?.pathname;
    if (state.navigation.state !== 'idle') {
      if (on && next !== undefined && next !== shown) {
        shown = next;
        leaving('unknown');
      }
      return;
    }
    if (!state.initialized) return;
    if (on && state.location.pathname !== shown) leaving(routeOf(state)); // its chunk was here already
    shown = state.location.pathname;
    on = true;
    arrived(routeOf(state));
  });

  whenIdle(() => void import('./reporter').then((m) => m.startReporter()).catch(() => undefined)); // a page without it is none the worse
}
