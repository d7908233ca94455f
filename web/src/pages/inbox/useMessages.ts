import { useInfiniteQuery, useQueryClient, type InfiniteData } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { api, got } from '~/api/client';
import { keys } from '~/api/keys';
import type { Message } from '~/api/types';
import type { StoredFile } from '~/api/upload';

interface Page {
  items: Message[];
}
type Pages = InfiniteData<Page, number | undefined>;

const pageSize = 40;

/** A message that was written here and is not known to be stored yet. */
export interface Waiting {
  clientId: string;
  text: string;
  files: StoredFile[];
  failed: unknown;
}

/** All messages in the order of the conversation, each once. */
export function inOrder(pages: Page[] | undefined): Message[] {
  const bySeq = new Map<number, Message>();
  for (const page of pages ?? []) for (const m of page.items) bySeq.set(m.seq, m);
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}

/** The conversation's messages: the newest first, older ones on demand, new ones as they come. */
export function useMessages(id: string) {
  const client = useQueryClient();
  const key = keys.messages(id);
  const [waiting, setWaiting] = useState<Waiting[]>([]);

  const query = useInfiniteQuery({
    queryKey: key,
    initialPageParam: undefined as number | undefined,
    queryFn: async ({ pageParam }) =>
      (await got(api.GET('/conversations/{id}/messages', { params: { path: { id }, query: { limit: pageSize, before: pageParam } } }))) as Page,
    getNextPageParam: (last): number | undefined => {
      const oldest = Math.min(...last.items.map((m) => m.seq));
      return last.items.length < pageSize || oldest <= 1 ? undefined : oldest;
    },
  });
  const messages = inOrder(query.data?.pages);
  const newest = messages.at(-1)?.seq ?? 0;

  const add = (items: Message[]) => {
    if (items.length === 0) return;
    client.setQueryData<Pages>(key, (now) => {
      if (!now) return now;
      const [first, ...others] = now.pages;
      return { ...now, pages: [{ items: [...items, ...(first?.items ?? [])] }, ...others] };
    });
  };

  // What came since: asked for while the page is seen. A push makes it sooner.
  const latest = useRef(newest);
  latest.current = newest;
  const catchUp = useRef<() => Promise<void>>(async () => undefined);
  catchUp.current = async () => {
    const page = (await got(api.GET('/conversations/{id}/messages', { params: { path: { id }, query: { limit: 100, after: latest.current } } }))) as Page;
    add(page.items);
  };
  useEffect(() => {
    const look = () => {
      if (document.visibilityState === 'visible' && client.getQueryData(key)) void catchUp.current().catch(() => undefined);
    };
    const timer = setInterval(look, 5_000);
    document.addEventListener('visibilitychange', look);
    window.addEventListener('online', look);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
      window.removeEventListener('online', look);
    };
    // The key is made of the id alone.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [id, client]);

  const send = async (text: string, files: StoredFile[], clientId: string = crypto.randomUUID()) => {
    setWaiting((all) => [...all.filter((w) => w.clientId !== clientId), { clientId, text, files, failed: null }]);
    try {
      const { data } = await api.POST('/conversations/{id}/messages', {
        params: { path: { id } },
        body: { text, client_id: clientId, ...(files.length ? { files: files.map((f) => f.id) } : {}) },
      });
      add([data as Message]);
      setWaiting((all) => all.filter((w) => w.clientId !== clientId));
      void client.invalidateQueries({ queryKey: keys.conversations });
    } catch (failed) {
      setWaiting((all) => all.map((w) => (w.clientId === clientId ? { ...w, failed } : w)));
    }
  };
  const giveUp = (clientId: string) => setWaiting((all) => all.filter((w) => w.clientId !== clientId));
  return { query, messages, newest, waiting, send, giveUp };
}
