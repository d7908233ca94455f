import type { QueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { api } from '~/api/client';
import { keys } from '~/api/keys';
import { ApiError } from '~/api/problem';
import type { Message } from '~/api/types';
import type { StoredFile } from '~/api/upload';
import { addMessages, messageCame } from './cache';

/** A message that was written here and is not known to be stored yet. */
export interface Waiting {
  clientId: string;
  conversation: string;
  text: string;
  files: StoredFile[];
  /** Why it was refused; it is not sent again by itself then. */
  failed: unknown;
  /** How often no answer came. */
  tries: number;
}

const most = 50; // messages that wait
const longestPause = 30_000; // ms
const place = 'oficio-outbox';

let all: readonly Waiting[] = [];
let owner: string | null = null;
const busy = new Set<string>(); // conversations with a message on its way
const listeners = new Set<() => void>();
const pauses = new Map<string, ReturnType<typeof setTimeout>>();

function set(next: readonly Waiting[]) {
  all = next;
  try {
    // Kept over a reload of this tab: a message that was sent away while the network was gone is not lost.
    const kept = all.map((w) => ({ ...w, failed: null }));
    if (kept.length) sessionStorage.setItem(place, JSON.stringify({ owner, kept }));
    else sessionStorage.removeItem(place);
  } catch {
    // In memory alone, then.
  }
  listeners.forEach((tell) => tell());
}

const change = (clientId: string, part: Partial<Waiting>) => set(all.map((w) => (w.clientId === clientId ? { ...w, ...part } : w)));
function keptOf(account: string): Waiting[] {
  try {
    const found = JSON.parse(sessionStorage.getItem(place) ?? 'null') as { owner: string; kept: Waiting[] } | null;
    return found?.owner === account ? found.kept : [];
  } catch {
    return [];
  }
}

const mayPass = (e: unknown) => e instanceof ApiError && (e.status === 0 || e.status === 429 || e.status >= 500);

/** Sends a conversation's messages one after the other, so that they keep their order. */
async function work(client: QueryClient, conversation: string) {
  if (busy.has(conversation)) return;
  const next = all.find((w) => w.conversation === conversation && !w.failed);
  if (!next) return;
  busy.add(conversation);
  clearTimeout(pauses.get(conversation));
  const by = owner;
  try {
    const { data } = await api.POST('/conversations/{id}/messages', {
      params: { path: { id: conversation } },
      // The same client_id sends no second message, though the first answer was lost.
      body: { text: next.text, client_id: next.clientId, ...(next.files.length ? { files: next.files.map((f) => f.id) } : {}) },
    });
    if (!by || by !== owner) return;
    messageCame(client, by, data as Message);
    addMessages(client, conversation, [data as Message]);
    set(all.filter((w) => w.clientId !== next.clientId));
    if (!client.getQueryData(keys.messages(conversation))) void client.invalidateQueries({ queryKey: keys.conversations });
  } catch (e) {
    if (by !== owner) return;
    if (!mayPass(e)) change(next.clientId, { failed: e });
    else {
      change(next.clientId, { tries: next.tries + 1 });
      const asked = e instanceof ApiError && e.retryAfter ? e.retryAfter * 1_000 : 0;
      const pause = Math.max(asked, Math.min(longestPause, 1_000 * 2 ** next.tries)) * (0.75 + Math.random() / 2);
      pauses.set(conversation, setTimeout(() => void work(client, conversation), pause));
      return;
    }
  } finally {
    busy.delete(conversation);
  }
  void work(client, conversation);
}

export const outbox = {
  /** The messages of this person (or nobody) from now on; another's are forgotten. */
  open(client: QueryClient, account: string | null) {
    if (owner === account) return;
    owner = account;
    for (const pause of pauses.values()) clearTimeout(pause);
    pauses.clear();
    set(account ? keptOf(account) : []);
    outbox.flush(client);
  },
  /** Now, and not only after the pause: the network may be back. */
  flush(client: QueryClient) {
    for (const conversation of new Set(all.map((w) => w.conversation))) void work(client, conversation);
  },
  /** Whether there was room for it. */
  send(client: QueryClient, conversation: string, text: string, files: StoredFile[]): boolean {
    if (all.length >= most) return false;
    set([...all, { clientId: crypto.randomUUID(), conversation, text, files, failed: null, tries: 0 }]);
    void work(client, conversation);
    return true;
  },
  again(client: QueryClient, clientId: string) {
    change(clientId, { failed: null, tries: 0 });
    const conversation = all.find((w) => w.clientId === clientId)?.conversation;
    if (conversation) void work(client, conversation);
  },
  giveUp: (clientId: string) => set(all.filter((w) => w.clientId !== clientId)),
};

const subscribe = (tell: () => void) => {
  listeners.add(tell);
  return () => void listeners.delete(tell);
};
export const useWaiting = (conversation: string) => useSyncExternalStore(subscribe, () => all).filter((w) => w.conversation === conversation);
