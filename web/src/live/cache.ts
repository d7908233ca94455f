// What comes over the socket, put into the answers that pages have already.
import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import { keys } from '~/api/keys';
import type { Conversation, Message, Offer } from '~/api/types';
import { live } from './store';

interface MessagePage {
  items: Message[];
}
export type MessagePages = InfiniteData<MessagePage, number | undefined>;

interface ConversationPage {
  items: Conversation[];
  unread: number;
  next_cursor: string | null;
}
type Conversations = InfiniteData<ConversationPage, string | undefined>;

const unreadKey = [...keys.conversations, 'unread'];

/** All messages in the order of the conversation, each once. */
export function inOrder(pages: MessagePage[] | undefined): Message[] {
  const bySeq = new Map<number, Message>();
  for (const page of pages ?? []) for (const m of page.items) bySeq.set(m.seq, m);
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}

export const newestOf = (pages: MessagePages | undefined) => inOrder(pages?.pages).at(-1)?.seq ?? 0;

export function addMessages(client: QueryClient, conversation: string, items: Message[]) {
  if (items.length === 0) return;
  client.setQueryData<MessagePages>(keys.messages(conversation), (now) => {
    if (!now) return now;
    const [first, ...others] = now.pages;
    const fresh = new Set(items.map((m) => m.seq));
    return { ...now, pages: [{ ...first, items: [...items, ...(first?.items ?? []).filter((m) => !fresh.has(m.seq))] }, ...others] };
  });
}

const addUnread = (client: QueryClient, count: number) =>
  client.setQueryData<ConversationPage>(unreadKey, (now) => now && { ...now, unread: Math.max(0, now.unread + count) });

/** The conversation with its new last message, above all others. */
function moveUp(client: QueryClient, message: Message, unread: number): boolean {
  const list = client.getQueryData<Conversations>(keys.conversationList);
  const found = list?.pages.flatMap((p) => p.items).find((c) => c.id === message.conversation_id);
  if (!list || !found) return false;
  if ((found.last_message?.seq ?? 0) >= message.seq) return true;
  const next = { ...found, last_message: message, updated_at: message.created_at, unread: found.unread + unread };
  const pages = list.pages.map((p) => ({ ...p, items: p.items.filter((c) => c.id !== next.id) }));
  if (pages[0]) pages[0] = { ...pages[0], items: [next, ...pages[0].items] };
  client.setQueryData<Conversations>(keys.conversationList, { ...list, pages });
  return true;
}

export function messageCame(client: QueryClient, own: string, message: Message) {
  const id = message.conversation_id;
  live.typesNoMore(id, message.from.id);
  const seen = client.getQueryData<MessagePages>(keys.messages(id));
  const newest = newestOf(seen);
  const known = message.seq <= newest;
  addMessages(client, id, [message]);
  if (seen && message.seq > newest + 1) void client.invalidateQueries({ queryKey: keys.messages(id) }); // one is missing
  const unread = message.from.id !== own && !live.isReading(id) ? 1 : 0;
  if (known) return;
  if (unread) addUnread(client, 1);
  if (!moveUp(client, message, unread)) void client.invalidateQueries({ queryKey: keys.conversationList });
}

/** Our side has read up to there, in this tab or elsewhere. */
export function ownRead(client: QueryClient, conversation: string, seq: number) {
  const list = client.getQueryData<Conversations>(keys.conversationList);
  const found = list?.pages.flatMap((p) => p.items).find((c) => c.id === conversation);
  if (list && found?.unread && (found.last_message?.seq ?? 0) <= seq) {
    client.setQueryData<Conversations>(keys.conversationList, { ...list, pages: list.pages.map((p) => ({ ...p, items: p.items.map((c) => (c.id === conversation ? { ...c, unread: 0 } : c)) })) });
    addUnread(client, -found.unread);
  }
  void client.invalidateQueries({ queryKey: unreadKey });
}

/** The other side has read up to there. Marks only go forward, whatever comes late. */
export function otherRead(client: QueryClient, conversation: string, mark: NonNullable<Conversation['seen']>) {
  client.setQueryData<Conversation>(keys.conversation(conversation), (now) => now && withMark(now, mark));
}

/** The conversation with the later of the two marks. */
export const withMark = (now: Conversation, mark: Conversation['seen']): Conversation => ((mark?.seq ?? 0) > (now.seen?.seq ?? 0) ? { ...now, seen: mark } : now);

/** An offer has another state: at its place among the messages. */
export function offerChanged(client: QueryClient, { conversation_id, ...offer }: Offer & { conversation_id: string }) {
  client.setQueryData<MessagePages>(keys.messages(conversation_id), (now) => {
    const shown = now?.pages.some((p) => p.items.some((m) => m.offer?.id === offer.id));
    if (!now || !shown) return now; // its message is still to come
    return { ...now, pages: now.pages.map((p) => ({ ...p, items: p.items.map((m) => (m.offer?.id === offer.id ? { ...m, offer: { ...m.offer, ...offer } } : m)) })) };
  });
}

const hasOpenOffer = (pages: MessagePages | undefined) => pages?.pages.some((p) => p.items.some((m) => m.offer?.status === 'open')) ?? false;

/** Which side one is on decides what an order shows, so it is asked for again; so is a conversation whose offer it may be. */
export function orderChanged(client: QueryClient) {
  void client.invalidateQueries({ queryKey: ['messages'], predicate: (q) => hasOpenOffer(q.state.data as MessagePages | undefined) });
  void client.invalidateQueries({ queryKey: ['orders'] });
  void client.invalidateQueries({ queryKey: keys.earnings });
}

export function noticeCame(client: QueryClient) {
  client.setQueryData<{ unread: number }>([...keys.activity, 'unread'], (now) => now && { ...now, unread: now.unread + 1 });
  void client.invalidateQueries({ queryKey: keys.activity });
  void client.invalidateQueries({ queryKey: keys.reviews }); // it may be one, or a reply
}

/** Something may have been missed: everything that the socket keeps fresh is asked for again. */
export function refetchAll(client: QueryClient) {
  for (const key of [keys.conversations, ['messages'], keys.activity, ['orders'], keys.reviews, keys.earnings]) void client.invalidateQueries({ queryKey: key });
}
