import { createBrowserRouter } from 'react-router';
import { SignedIn } from '~/session/session';
import { Layout } from './Layout';
import { RouteError } from './RouteError';

const mine = (page: () => Promise<{ Component: React.ComponentType }>) => async () => {
  const { Component } = await page();
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
          { index: true, lazy: () => import('~/pages/home/HomePage') },
          { path: 'search', lazy: () => import('~/pages/search/SearchPage') },
          { path: 'gigs/new', lazy: mine(() => import('~/pages/selling/GigEditorPage')) },
          { path: 'gigs/:id', lazy: () => import('~/pages/gig/GigPage') },
          { path: 'gigs/:id/edit', lazy: mine(() => import('~/pages/selling/GigEditorPage')) },
          { path: 'sellers/:username', lazy: () => import('~/pages/seller/SellerPage') },
          { path: 'signin', lazy: () => import('~/pages/account/SignInPage') },
          { path: 'signup', lazy: () => import('~/pages/account/SignUpPage') },
          { path: 'verify', lazy: () => import('~/pages/account/VerifyPage') },
          { path: 'forgot', lazy: () => import('~/pages/account/ForgotPage') },
          { path: 'reset', lazy: () => import('~/pages/account/ResetPage') },
          { path: 'sell', lazy: mine(() => import('~/pages/selling/BecomeSellerPage')) },
          { path: 'selling/gigs', lazy: mine(() => import('~/pages/selling/MyGigsPage')) },
          { path: 'selling/earnings', lazy: mine(() => import('~/pages/selling/EarningsPage')) },
          { path: 'conversations', lazy: mine(() => import('~/pages/inbox/InboxPage')) },
          { path: 'conversations/:id', lazy: mine(() => import('~/pages/inbox/InboxPage')) },
          { path: 'checkout', lazy: mine(() => import('~/pages/orders/CheckoutPage')) },
          { path: 'orders', lazy: mine(() => import('~/pages/orders/OrdersPage')) },
          { path: 'orders/:id', lazy: mine(() => import('~/pages/orders/OrderPage')) },
          { path: 'favorites', lazy: mine(() => import('~/pages/account/FavoritesPage')) },
          { path: 'activity', lazy: mine(() => import('~/pages/account/ActivityPage')) },
          { path: 'settings', lazy: mine(() => import('~/pages/settings/SettingsPage')) },
          { path: 'settings/:section', lazy: mine(() => import('~/pages/settings/SettingsPage')) },
          { path: 'ops', lazy: mine(() => import('~/pages/ops/OpsPage')) },
          { path: 'ops/:view', lazy: mine(() => import('~/pages/ops/OpsPage')) },
          { path: 'ops/traces/:id', lazy: mine(() => import('~/pages/ops/OpsPage')) },
          { path: '*', lazy: () => import('~/pages/NotFoundPage') },
        ],
      },
    ],
  },
]);
