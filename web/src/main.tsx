import './styles';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App, client } from './app/App';
import { knowWay } from './app/newVersion';
import { firstPage, router } from './app/routes';
import { prime } from './first/prime';
import { startI18n } from './i18n';
import { keepOfflinePage } from './offline/register';
import { watchPage } from './report/watch';

async function start() {
  // The page's bones stay until the whole page can be drawn at once: drawn in parts it takes much longer.
  await startI18n(document.documentElement.lang);
  await firstPage;
  await prime(client);
  createRoot(document.getElementById('root') as HTMLElement).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}

watchPage(router);
knowWay(() => {
  const { location } = router.state.navigation;
  return location && location.pathname + location.search + location.hash;
});
keepOfflinePage();
// Not awaited here: pages import what this file's chunk holds, so they would wait for it, and it for them.
void start();
