// What one tab of a browser has changed, said to the others: the socket brings what other people do.
import type { QueryClient } from '@tanstack/react-query';

const name = 'oficio-changed';

interface Change {
  key: readonly unknown[];
  now?: unknown;
}

/** The other tabs ask again for every answer that is kept under this key; or take the answer as it is now. */
export function tellTabs(key: readonly unknown[], now?: unknown) {
  const channel = new BroadcastChannel(name);
  channel.postMessage({ key, now } satisfies Change);
  channel.close();
}

/** Hears what other tabs tell; gives how to stop. */
export function hearTabs(client: QueryClient): () => void {
  const channel = new BroadcastChannel(name);
  channel.onmessage = ({ data: { key, now } }: MessageEvent<Change>) => {
    if (now === undefined) void client.invalidateQueries({ queryKey: key });
    else client.setQueryData(key, (kept: unknown) => kept && now);
  };
  return () => channel.close();
}
