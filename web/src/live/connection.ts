import type { QueryClient } from '@tanstack/react-query';
import { io } from 'socket.io-client';
import { api, mayBeSignedIn, tellSessionEnded } from '~/api/client';
import { isStatus } from '~/api/problem';
import type { Message, Offer } from '~/api/types';
import { note } from '~/report/trace';
import { messageCame, noticeCame, offerChanged, orderChanged, otherRead, ownRead, refetchAll } from './cache';
import { outbox } from './outbox';
import { live, type Presence } from './store';

type Present = Presence & { account_id: string };
type Ack<T> = { ok: boolean; data?: T };

const ackLimit = 5_000; // ms
const typingEvery = 2_500; // ms
const sessionEvery = 30_000; // ms between two questions whether the session still holds

/** Nobody is signed in any more: nothing of theirs waits here. */
export const forget = (client: QueryClient) => outbox.open(client, null);

/**
 * Opens the socket of this person and keeps the pages fresh by what comes over it. Gives how to close it. Who is
 * refused asks whether the session still holds: that renews it, or ends it on this page too.
 */
export function connect(client: QueryClient, own: string): () => void {
  outbox.open(client, own);
  const socket = io({
    path: '/socket.io/',
    transports: ['websocket', 'polling'],
    tryAllTransports: true,
    withCredentials: true,
    reconnectionDelay: 500,
    reconnectionDelayMax: 10_000,
  });
  let closed = false;
  let asked = 0;
  let refused: ReturnType<typeof setTimeout> | undefined;

  const again = (after: number) => {
    clearTimeout(refused);
    refused = setTimeout(() => !closed && !socket.active && socket.connect(), after);
  };
  const askForSession = async () => {
    if (!mayBeSignedIn()) return tellSessionEnded(); // another tab signed out
    const wait = asked + sessionEvery - Date.now();
    if (wait > 0) return again(wait);
    asked = Date.now();
    try {
      await api.GET('/auth/me');
      again(0);
    } catch (e) {
      if (!isStatus(e, 401)) again(sessionEvery);
    }
  };

  socket.on('connect', () => {
    live.isUp(true);
    if (!socket.recovered) refetchAll(client);
    outbox.flush(client);
  });
  socket.on('disconnect', (reason) => {
    live.isUp(false);
    if (reason !== 'io server disconnect') return;
    asked = 0; // the server has a reason
    void askForSession();
  });
  socket.on('connect_error', (e) => {
    live.isUp(false);
    if (!socket.active) note('warning', 'The socket was refused', { kind: e.name });
    void askForSession();
  });

  socket.on('message', (message: Message) => messageCame(client, own, message));
  socket.on('message:read', ({ conversation_id, account_id, seq, at }: { conversation_id: string; account_id: string; seq: number; at: string | null }) => {
    if (account_id === own) ownRead(client, conversation_id, seq);
    else otherRead(client, conversation_id, { seq, at: at ?? new Date().toISOString() });
  });
  socket.on('typing', (who: { conversation_id: string; account_id: string }) => {
    if (who.account_id !== own) live.types(who.conversation_id, who.account_id);
  });
  socket.on('presence', (who: Present) => live.present(who.account_id, who));
  socket.on('offer', (offer: Offer & { conversation_id: string }) => offerChanged(client, offer));
  socket.on('order', () => orderChanged(client));
  socket.on('notification', () => noticeCame(client));
  socket.on('resync', () => refetchAll(client));

  const online = () => {
    if (!socket.connected) socket.disconnect().connect();
    outbox.flush(client);
  };

  let typed = { conversation: '', at: 0 };
  live.use({
    typing: (conversation) => {
      if (!socket.connected || (typed.conversation === conversation && Date.now() - typed.at < typingEvery)) return;
      typed = { conversation, at: Date.now() };
      socket.volatile.emit('typing', { conversation_id: conversation });
    },
    close,
    watch: (accounts) => {
      socket
        .timeout(ackLimit)
        .emitWithAck('presence:watch', { account_ids: accounts })
        .then((answer: Ack<{ items: Present[] }>) => answer.data?.items.forEach((who) => live.present(who.account_id, who)))
        .catch(() => undefined); // asked again with the next connection
    },
  });

  // The browser knows first that the network is back.
  window.addEventListener('online', online);
  return close;

  function close() {
    if (closed) return;
    closed = true;
    clearTimeout(refused);
    window.removeEventListener('online', online);
    socket.removeAllListeners();
    socket.disconnect();
    live.use(null);
  }
}
