import { createBrowserRouter } from 'react-router';
import { Layout } from './Layout';
import { RouteError } from './RouteError';


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
          { path: 'gigs/:id', lazy: () => import('~/pages/gig/GigPage') },
          { path: 'sellers/:username', lazy: () => import('~/pages/seller/SellerPage') },
          { path: 'signin', lazy: () => import('~/pages/account/SignInPage') },
          { path: 'signup', lazy: () => import('~/pages/account/SignUpPage') },
          { path: 'verify', lazy: () => import('~/pages/account/VerifyPage') },
          { path: 'forgot', lazy: () => import('~/pages/account/ForgotPage') },
          { path: 'reset', lazy: () => import('~/pages/account/ResetPage') },
          { path: '*', lazy: () => import('~/pages/NotFoundPage') },
        ],
      },
    ],
  },
]);
