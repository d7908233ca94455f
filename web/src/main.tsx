import './styles';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { router } from './app/routes';
import { startI18n } from './i18n';
import { keepOfflinePage } from './offline/register';
import { watchPage } from './report/watch';

watchPage(router);
keepOfflinePage();
await startI18n(document.documentElement.lang);
createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
