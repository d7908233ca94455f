import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api, got } from '~/api/client';
import { keys } from '~/api/keys';
import type { Message } from '~/api/types';
import type { StoredFile } from '~/api/upload';
import { addMessages, inOrder, newestOf, type MessagePages } from '~/live/cache';
import { outbox, useWaiting } from '~/live/outbox';
import { useLiveUp } from '~/live/store';
import { useAccount } from '~/session/session';

const pageSize = 40;
const slowly = 15_000; // ms

/** While no socket brings what comes: asks for it slowly, as long as the page is seen. */
function useCatchUp(id: string) {
  const client = useQueryClient();
  const up = useLiveUp();
  useEffect(() => {
    if (up) return undefined;
    const look = async () => {
      const have = client.getQueryData<MessagePages>(keys.messages(id));
      if (document.visibilityState !== 'visible' || !have) return;
      const page = await got(api.GET('/conversations/{id}/messages', { params: { path: { id }, query: { limit: 100, after: newestOf(have) } } }));
      addMessages(client, id, page.items);
    };
    const quietly = () => void look().catch(() => undefined);
    const timer = setInterval(quietly, slowly);
    document.addEventListener('visibilitychange', quietly);
    window.addEventListener('online', quietly);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', quietly);
      window.removeEventListener('online', quietly);
    };
  }, [id, client, up]);
}

/** The conversation's messages: the newest first, older ones on demand, new ones as they come. */
export function useMessages(id: string) {
  const client = useQueryClient();
  const own = useAccount().id;
  const query = useInfiniteQuery({
    queryKey: keys.messages(id),
    initialPageParam: undefined as number | undefined,
    queryFn: async ({ pageParam }) => {
      const page = (await got(api.GET('/conversations/{id}/messages', { params: { path: { id }, query: { limit: pageSize, before: pageParam } } }))) as { items: Message[] };
      if (pageParam !== undefined) return page;
      // What the socket brought while this page was on its way is newer than it.
      const until = Math.max(0, ...page.items.map((m) => m.seq));
      const newer = inOrder(client.getQueryData<MessagePages>(keys.messages(id))?.pages).filter((m) => m.seq > until);
      return { ...page, items: [...newer, ...page.items] };
    },
    getNextPageParam: (last): number | undefined => {
      const oldest = Math.min(...last.items.map((m) => m.seq));
      return last.items.length < pageSize || oldest <= 1 ? undefined : oldest;
    },
  });
  useCatchUp(id);
  useEffect(() => outbox.open(client, own), [client, own]);

  const messages = inOrder(query.data?.pages);
  // Over the socket a message may be here before the answer to its sending.
  const stored = new Set(messages.map((m) => m.client_id));
  const waiting = useWaiting(id).filter((w) => !stored.has(w.clientId));
  return {
    query,
    messages,
    newest: messages.at(-1)?.seq ?? 0,
    waiting,
    send: (text: string, files: StoredFile[]) => outbox.send(client, id, text, files),
    again: (clientId: string) => outbox.again(client, clientId),
    giveUp: outbox.giveUp,
  };
}
