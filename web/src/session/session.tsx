import { useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { createContext, Fragment, useContext, useEffect, useMemo, type ReactNode } from 'react';
import { Navigate, useLocation } from 'react-router';
import { api, got, mayBeSignedIn, onSessionEnded } from '~/api/client';
import { keys } from '~/api/keys';
import { isStatus } from '~/api/problem';
import type { Account } from '~/api/types';
import { live } from '~/live/store';

interface Session {
  /** undefined: not known yet; null: a visitor. */
  account: Account | null | undefined;
  signedIn: (account: Account) => void;
  signOut: (where?: 'here' | 'everywhere') => Promise<void>;
}

const SessionContext = createContext<Session | null>(null);

/**
 * Another person from now on (or nobody): nothing that was fetched for the last one stays. The answer to "who am
 * I" itself is replaced and not removed, since whoever watches a removed answer hears of no later one.
 */
function become(client: QueryClient, account: Account | null) {
  client.setQueryData(keys.me, account);
  client.removeQueries({ predicate: (q) => q.queryKey[0] !== 'me' && q.queryKey[0] !== 'categories' });
  client.getMutationCache().clear();
}

async function whoAmI(): Promise<Account | null> {
  if (!mayBeSignedIn()) return null;
  try {
    return (await got(api.GET('/auth/me'))).account;
  } catch (e) {
    if (isStatus(e, 401)) return null;
    throw e;
  }
}

export function SessionProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const { data, isError } = useQuery({ queryKey: keys.me, queryFn: whoAmI, staleTime: 60_000 });

  useEffect(() => onSessionEnded(() => become(client, null)), [client]);

  // Another tab signed in or out.
  useEffect(() => {
    const channel = new BroadcastChannel('oficio-session');
    channel.onmessage = async () => {
      const before = client.getQueryData<Account | null>(keys.me);
      const now = await whoAmI().catch(() => undefined);
      if (now === undefined) return;
      if (now?.id === before?.id) await client.invalidateQueries();
      else become(client, now);
    };
    return () => channel.close();
  }, [client]);

  const value = useMemo<Session>(() => {
    const tellOtherTabs = () => {
      const channel = new BroadcastChannel('oficio-session');
      channel.postMessage('changed');
      channel.close();
    };
    return {
      account: data === undefined && isError ? null : data,
      signedIn: (account) => {
        become(client, account);
        tellOtherTabs();
      },
      signOut: async (where = 'here') => {
        live.close();
        if (where === 'everywhere') await api.POST('/auth/signout-all'); // who asks for this must know if it fails
        else await api.POST('/auth/signout').catch(() => undefined);
        become(client, null);
        tellOtherTabs();
      },
    };
  }, [client, data, isError]);

  return <SessionContext.Provider value={value}>{children}</SessionContext.Provider>;
}

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('no session around this');
  return session;
}

/** The person of a page that only somebody signed in can see. */
export function useAccount(): Account {
  const { account } = useSession();
  if (!account) throw new Error('this page is for somebody who is signed in');
  return account;
}

/** Sends visitors to the sign-in page, and back here afterwards. */
export function SignedIn({ children }: { children: ReactNode }) {
  const { account } = useSession();
  const here = useLocation();
  if (account === undefined) return null;
  if (account === null) {
    return <Navigate to={`/signin?next=${encodeURIComponent(here.pathname + here.search)}`} replace />;
  }
  return <Fragment key={account.id}>{children}</Fragment>;
}
