import { Container } from '@mantine/core';
import { Suspense, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Outlet, ScrollRestoration, useLocation, useNavigation } from 'react-router';
import { Footer } from './Footer';
import { Header } from './Header';
import { OfflineBar } from './OfflineBar';
import classes from './Layout.module.css';

/** What is around every page. After a change of page the new heading has the focus. */
export function Layout() {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const navigation = useNavigation();
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);

  useEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    main.current?.focus({ preventScroll: true });
  }, [pathname]);

  return (
    <div className={classes.page}>
      <a className="skip" href="#main">
        {t('layout.skip')}
      </a>
      <Header />
      <OfflineBar />
      <div className={classes.progress} data-busy={navigation.state === 'loading' || undefined} aria-hidden />
      <main id="main" ref={main} tabIndex={-1} className={classes.main} aria-busy={navigation.state === 'loading'}>
        <Suspense fallback={<Container size="xl" py="xl" mih="70vh" />}>
          <Outlet />
        </Suspense>
      </main>
      <Footer />
      <ScrollRestoration />
    </div>
  );
}
