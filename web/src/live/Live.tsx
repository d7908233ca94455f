import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { whenIdle } from '~/app/whenIdle';
import { note } from '~/report/trace';
import { useSession } from '~/session/session';
import { hearTabs } from './tabs';

/** The socket of who is signed in, and their messages that wait; both come after the page's own program. */
export function Live() {
  const { account } = useSession();
  const client = useQueryClient();
  const own = account === undefined ? undefined : (account?.id ?? null);
  const before = useRef(own);

  useEffect(() => hearTabs(client), [client]);

  useEffect(() => {
    const left = before.current;
    before.current = own;
    if (!own && !left) return undefined;
    let gone = false;
    let close = () => undefined as void;
    const forgetIt = whenIdle(() => {
      import('./connection')
        .then(({ connect, forget }) => {
          if (gone) return;
          if (own) close = connect(client, own);
          else forget(client);
        })
        .catch(() => note('warning', 'The socket could not be loaded')); // the pages ask now and then
    });
    return () => {
      gone = true;
      forgetIt();
      close();
    };
  }, [own, client]);
  return null;
}
