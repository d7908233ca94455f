import { useEffect, useSyncExternalStore } from 'react';

/** Whether somebody is here now, or when they last were. */
export interface Presence {
  online: boolean;
  last_seen: string | null;
}

/** What the connection does for the pages; it is loaded after them. */
export interface Connection {
  typing: (conversation: string) => void;
  watch: (accounts: string[]) => void;
  close: () => void;
}

export const typingLasts = 6_000; // ms after the last key that the other side pressed
const mostWatched = 100; // accounts; the gateway takes no more

let connection: Connection | null = null;
let up = false;
let reading: string | null = null;
const presence = new Map<string, Presence>();
const typing = new Map<string, ReturnType<typeof setTimeout>>();
const watched = new Map<string, number>(); // how many places show them
let asking: ReturnType<typeof setTimeout> | undefined;

const listeners = new Set<() => void>();
const changed = () => listeners.forEach((tell) => tell());
const subscribe = (tell: () => void) => {
  listeners.add(tell);
  return () => void listeners.delete(tell);
};

function askSoon() {
  asking ??= setTimeout(() => {
    asking = undefined;
    if (up) connection?.watch([...watched.keys()].slice(-mostWatched));
  }, 100);
}

export const live = {
  /** Pages begin or cease to have a connection; while it is not up they ask the server now and then. */
  use(next: Connection | null) {
    connection = next;
    if (next) return;
    live.isUp(false);
    presence.clear();
    changed();
  },
  isUp(now: boolean) {
    if (now) askSoon();
    if (up === now) return;
    up = now;
    changed();
  },
  present(account: string, now: Presence) {
    if (!watched.has(account)) return;
    presence.set(account, now);
    changed();
  },
  types(conversation: string, account: string) {
    const key = `${conversation} ${account}`;
    clearTimeout(typing.get(key));
    typing.set(key, setTimeout(() => live.typesNoMore(conversation, account), typingLasts));
    changed();
  },
  typesNoMore(conversation: string, account: string) {
    const key = `${conversation} ${account}`;
    clearTimeout(typing.get(key));
    if (typing.delete(key)) changed();
  },
  typing: (conversation: string) => connection?.typing(conversation),
  /** Before the session is ended from here: what the server then does to the socket is no news. */
  close: () => connection?.close(),
  /** The conversation that is open on the screen: what comes there is read. */
  reads(conversation: string | null) {
    reading = conversation;
  },
  isReading: (conversation: string) => reading === conversation && document.visibilityState === 'visible',
};

export const useLiveUp = () => useSyncExternalStore(subscribe, () => up);

export function useTyping(conversation: string, account: string | undefined): boolean {
  return useSyncExternalStore(subscribe, () => account !== undefined && typing.has(`${conversation} ${account}`));
}

/** Undefined until it is known, and while there is no connection. */
export function usePresence(account: string | undefined): Presence | undefined {
  useEffect(() => {
    if (!account) return undefined;
    const count = (watched.get(account) ?? 0) + 1;
    watched.delete(account); // to the end: the newest are asked for
    watched.set(account, count);
    if (count === 1) askSoon();
    return () => {
      const left = (watched.get(account) ?? 1) - 1;
      if (left > 0) watched.set(account, left);
      else {
        watched.delete(account);
        presence.delete(account);
        askSoon();
      }
    };
  }, [account]);
  return useSyncExternalStore(subscribe, () => (account && up ? presence.get(account) : undefined));
}
