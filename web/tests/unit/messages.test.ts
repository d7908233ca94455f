import { describe, expect, it } from 'vitest';
import type { Message } from '~/api/types';
import { inOrder } from '~/live/cache';

const message = (seq: number, text = `m${seq}`) => ({ id: `id${seq}`, seq, text }) as Message;
const pages = (...all: Message[][]) => all.map((items) => ({ pageParams: [], pages: [], items }));
const order = (...all: Message[][]) => inOrder(pages(...all) as never).map((m) => m.seq);

describe('the messages of a conversation', () => {
  it('are empty before any came', () => expect(inOrder(undefined)).toEqual([]));

  it('stand in the order of the conversation, whatever the order in which pages and messages came', () => {
    expect(order([message(9), message(8)], [message(5), message(7), message(6)])).toEqual([5, 6, 7, 8, 9]);
  });

  it('stand there once, though a push and a page both brought them', () => {
    expect(order([message(3), message(2), message(3)], [message(2), message(1)])).toEqual([1, 2, 3]);
  });
});
