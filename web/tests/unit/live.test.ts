import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keys } from '~/api/keys';
import type { Conversation, Message } from '~/api/types';
import { inOrder, messageCame, noticeCame, offerChanged, otherRead, ownRead, type MessagePages } from '~/live/cache';
import { live } from '~/live/store';

const own = 'me';
const message = (seq: number, more: Partial<Message> = {}): Message =>
  ({ id: `m${seq}`, seq, conversation_id: 'c1', from: { id: 'other', username: 'bruno', avatar: null }, text: `text ${seq}`, files: [], created_at: `2026-01-01T00:00:${String(seq).padStart(2, '0')}.000Z`, ...more }) as Message;
const conversation = (id: string, unread: number, last: Message | null): Conversation =>
  ({ id, with: { id: 'other', username: 'bruno', avatar: null }, last_message: last, unread, updated_at: '2026-01-01T00:00:00.000Z' }) as Conversation;

let client: QueryClient;
const list = () => client.getQueryData<{ pages: { items: Conversation[] }[] }>([...keys.conversations, 'list'])!.pages.flatMap((p) => p.items);
const unread = () => client.getQueryData<{ unread: number }>([...keys.conversations, 'unread'])!.unread;
const shown = (id = 'c1') => inOrder(client.getQueryData<MessagePages>(keys.messages(id))?.pages).map((m) => m.seq);
const isStale = (key: readonly unknown[]) => client.getQueryState(key)?.isInvalidated;

beforeEach(() => {
  client = new QueryClient();
  client.setQueryData(keys.messages('c1'), { pages: [{ items: [message(2), message(1)] }], pageParams: [undefined] });
  client.setQueryData([...keys.conversations, 'list'], {
    pages: [{ items: [conversation('c0', 3, message(9, { conversation_id: 'c0' })), conversation('c1', 0, message(2))], unread: 3, next_cursor: null }],
    pageParams: [undefined],
  });
  client.setQueryData([...keys.conversations, 'unread'], { items: [], unread: 3, next_cursor: null });
});
afterEach(() => live.reads(null));

describe('a message that comes over the socket', () => {
  it('stands in its conversation, which is the first now, and counts as unread', () => {
    messageCame(client, own, message(3));
    expect(shown()).toEqual([1, 2, 3]);
    expect(list().map((c) => [c.id, c.unread, c.last_message?.seq])).toEqual([['c1', 1, 3], ['c0', 3, 9]]);
    expect(unread()).toBe(4);
  });

  it('counts once, though it comes twice', () => {
    messageCame(client, own, message(3));
    messageCame(client, own, message(3));
    expect(shown()).toEqual([1, 2, 3]);
    expect(unread()).toBe(4);
  });

  it('counts as read for who has the conversation open', () => {
    live.reads('c1');
    messageCame(client, own, message(3));
    expect(unread()).toBe(3);
    expect(list()[0]).toMatchObject({ id: 'c1', unread: 0 });
  });

  it('was written by this person elsewhere: it is not unread', () => {
    messageCame(client, own, message(3, { from: { id: own, username: 'ana', avatar: null } }));
    expect(unread()).toBe(3);
    expect(list()[0]).toMatchObject({ id: 'c1', unread: 0 });
  });

  it('leaves a gap: the missing ones are asked for', () => {
    messageCame(client, own, message(5));
    expect(isStale(keys.messages('c1'))).toBe(true);
  });

  it('belongs to a conversation that is not in the list: the list is asked for', () => {
    messageCame(client, own, message(1, { conversation_id: 'new' }));
    expect(isStale([...keys.conversations, 'list'])).toBe(true);
  });
});

it('what was read in another tab is read here', () => {
  ownRead(client, 'c0', 9);
  expect(list()[0]?.unread).toBe(0);
  expect(unread()).toBe(0);
  expect(isStale([...keys.conversations, 'unread'])).toBe(true);
});

it('what the other side has read goes forward only', () => {
  const seen = () => client.getQueryData<Conversation>(keys.conversation('c1'))?.seen;
  otherRead(client, 'c1', { seq: 1, at: '2026-01-01T00:00:00.000Z' });
  expect(seen()).toBeUndefined(); // nobody looks at it
  client.setQueryData(keys.conversation('c1'), conversation('c1', 0, message(2)));
  otherRead(client, 'c1', { seq: 2, at: '2026-01-01T00:01:00.000Z' });
  otherRead(client, 'c1', { seq: 1, at: '2026-01-01T00:02:00.000Z' });
  expect(seen()).toEqual({ seq: 2, at: '2026-01-01T00:01:00.000Z' });
});

it('an offer changes where it is shown', () => {
  const offer = { id: 'o1', title: 'Map', status: 'open' } as NonNullable<Message['offer']>;
  messageCame(client, own, message(3, { offer }));
  offerChanged(client, { ...offer, status: 'withdrawn', conversation_id: 'c1' });
  const pages = client.getQueryData<MessagePages>(keys.messages('c1'))!.pages;
  expect(inOrder(pages).at(-1)?.offer).toMatchObject({ title: 'Map', status: 'withdrawn' });
});

it('a notice counts at once', () => {
  client.setQueryData([...keys.activity, 'unread'], { items: [], unread: 1 });
  noticeCame(client);
  expect(client.getQueryData([...keys.activity, 'unread'])).toMatchObject({ unread: 2 });
});

describe('the outbox', () => {
  type Outbox = typeof import('~/live/outbox');
  let outbox: Outbox['outbox'];
  let answers: (() => Response | Promise<Response>)[];
  let sent: { text: string; client_id: string }[];
  const good = () => new Response(JSON.stringify(message(2 + sent.length, { from: { id: own, username: 'ana', avatar: null }, text: sent.at(-1)?.text, client_id: sent.at(-1)?.client_id })), { status: 201, headers: { 'Content-Type': 'application/json' } });
  const refusal = (status: number) => () => new Response(JSON.stringify({ title: 'no', status, code: 'blocked' }), { status, headers: { 'Content-Type': 'application/json' } });
  const away = () => Promise.reject(new TypeError('failed'));
  const waiting = () => (JSON.parse(sessionStorage.getItem('oficio-outbox') ?? '{"kept":[]}') as { kept: { text: string; tries: number }[] }).kept.map((w) => w.text);
  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

  beforeEach(async () => {
    vi.useFakeTimers();
    vi.resetModules();
    sessionStorage.clear();
    const Whole = globalThis.Request;
    vi.stubGlobal('Request', class extends Whole {
      constructor(input: RequestInfo | URL, init?: RequestInit) {
        super(typeof input === 'string' ? new URL(input, 'http://localhost').href : input, init);
      }
    });
    answers = [];
    sent = [];
    vi.stubGlobal('fetch', vi.fn(async (asked: Request) => {
      sent.push((await asked.json()) as (typeof sent)[number]);
      return (answers.shift() ?? good)();
    }));
    ({ outbox } = await import('~/live/outbox'));
    outbox.open(client, own);
  });
  afterEach(() => vi.useRealTimers());

  it('sends a message, and shows it as stored', async () => {
    outbox.send(client, 'c1', 'hello', []);
    expect(waiting()).toEqual(['hello']);
    await pass(0);
    expect(shown()).toEqual([1, 2, 3]);
    expect(waiting()).toEqual([]);
  });

  it('tries again with the same client id until an answer comes', async () => {
    answers = [away, refusal(503)];
    outbox.send(client, 'c1', 'hello', []);
    await pass(10_000);
    expect(sent.map((s) => s.text)).toEqual(['hello', 'hello', 'hello']);
    expect(new Set(sent.map((s) => s.client_id)).size).toBe(1);
    expect(waiting()).toEqual([]);
  });

  it('keeps the order: the second waits for the first', async () => {
    answers = [away];
    outbox.send(client, 'c1', 'first', []);
    outbox.send(client, 'c1', 'second', []);
    await pass(0);
    expect(sent.map((s) => s.text)).toEqual(['first']);
    await pass(5_000);
    expect(sent.map((s) => s.text)).toEqual(['first', 'first', 'second']);
  });

  it('does not send again what was refused, but the next one', async () => {
    answers = [refusal(403)];
    outbox.send(client, 'c1', 'refused', []);
    outbox.send(client, 'c1', 'next', []);
    await pass(60_000);
    expect(sent.map((s) => s.text)).toEqual(['refused', 'next']);
    expect(waiting()).toEqual(['refused']);
  });

  it('sends at once when the network is back', async () => {
    answers = [away, away, away, away];
    outbox.send(client, 'c1', 'hello', []);
    await pass(8_000);
    const before = sent.length;
    answers = [];
    outbox.flush(client);
    await pass(0);
    expect(sent.length).toBe(before + 1);
    expect(waiting()).toEqual([]);
  });

  it('has them still after a reload, and not for somebody else', async () => {
    answers = [away];
    outbox.send(client, 'c1', 'hello', []);
    await pass(0);
    vi.resetModules();
    answers = [away];
    const { outbox: next } = await import('~/live/outbox');
    next.open(client, own);
    await pass(0);
    expect(waiting()).toEqual(['hello']);
    next.open(client, 'another');
    expect(waiting()).toEqual([]);
  });

  it('takes no more than a bound', () => {
    answers = [() => new Promise(() => undefined)];
    const taken = Array.from({ length: 60 }, () => outbox.send(client, 'c1', 'again', []));
    expect(taken.filter(Boolean)).toHaveLength(50);
  });
});
