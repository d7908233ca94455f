import { createBrowserRouter } from 'react-router';
import { bring } from '~/i18n';
import { SignedIn } from '~/session/session';
import { Layout } from './Layout';
import { RouteError } from './RouteError';

type Module = Promise<{ Component: React.ComponentType }>;

/** A page with the words that it uses; the build refuses one that uses others. */
const page = (load: () => Module, ...words: string[]) => async () => {
  const [{ Component }] = await Promise.all([load(), bring(words)]);
  return { Component };
};

const mine = (load: () => Module, ...words: string[]) => async () => {
  const { Component } = await page(load, ...words)();
  return {
    Component: () => (
      <SignedIn>
        <Component />
      </SignedIn>
    ),
  };
};

export const router = createBrowserRouter([
  {
    Component: Layout,
    ErrorBoundary: RouteError,
    HydrateFallback: () => null,
    children: [
      {
        ErrorBoundary: RouteError,
        children: [
          { index: true, lazy: page(() => import('~/pages/home/HomePage'), 'home') },
          { path: 'search', lazy: page(() => import('~/pages/search/SearchPage'), 'search') },
          { path: 'gigs/new', lazy: mine(() => import('~/pages/selling/GigEditorPage'), 'selling') },
          { path: 'gigs/:id', lazy: page(() => import('~/pages/gig/GigPage'), 'gig') },
          { path: 'gigs/:id/edit', lazy: mine(() => import('~/pages/selling/GigEditorPage'), 'selling') },
          { path: 'sellers/:username', lazy: page(() => import('~/pages/seller/SellerPage'), 'gig') },
          { path: 'signin', lazy: page(() => import('~/pages/account/SignInPage'), 'account') },
          { path: 'signup', lazy: page(() => import('~/pages/account/SignUpPage'), 'account') },
          { path: 'verify', lazy: page(() => import('~/pages/account/VerifyPage'), 'account') },
          { path: 'forgot', lazy: page(() => import('~/pages/account/ForgotPage'), 'account') },
          { path: 'reset', lazy: page(() => import('~/pages/account/ResetPage'), 'account') },
          { path: 'sell', lazy: mine(() => import('~/pages/selling/BecomeSellerPage'), 'selling') },
          { path: 'selling/gigs', lazy: mine(() => import('~/pages/selling/MyGigsPage'), 'orders', 'selling') },
          { path: 'selling/earnings', lazy: mine(() => import('~/pages/selling/EarningsPage'), 'selling') },
          { path: 'conversations', lazy: mine(() => import('~/pages/inbox/InboxPage'), 'inbox', 'orders') },
          { path: 'conversations/:id', lazy: mine(() => import('~/pages/inbox/InboxPage'), 'inbox', 'orders') },
          { path: 'checkout', lazy: mine(() => import('~/pages/orders/CheckoutPage'), 'orders') },
          { path: 'orders', lazy: mine(() => import('~/pages/orders/OrdersPage'), 'orders') },
          { path: 'orders/:id', lazy: mine(() => import('~/pages/orders/OrderPage'), 'orders') },
          { path: 'favorites', lazy: mine(() => import('~/pages/account/FavoritesPage'), 'account') },
          { path: 'activity', lazy: mine(() => import('~/pages/account/ActivityPage'), 'account') },
          { path: 'settings', lazy: mine(() => import('~/pages/settings/SettingsPage'), 'orders', 'settings') },
          { path: 'settings/:section', lazy: mine(() => import('~/pages/settings/SettingsPage'), 'orders', 'settings') },
          { path: 'ops', lazy: mine(() => import('~/pages/ops/OpsPage'), 'ops') },
          { path: 'ops/:view', lazy: mine(() => import('~/pages/ops/OpsPage'), 'ops') },
          { path: 'ops/traces/:id', lazy: mine(() => import('~/pages/ops/OpsPage'), 'ops') },
          { path: '*', lazy: page(() => import('~/pages/NotFoundPage')) },
        ],
      },
    ],
  },
]);

/** The page that was asked for is here, or why it cannot be: before that there is nothing to show. */
export const firstPage = new Promise<void>((done) => {
  const look = () => void (router.state.initialized && done());
  router.subscribe(look);
  look();
});
