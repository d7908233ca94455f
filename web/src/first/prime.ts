import type { QueryClient } from '@tanstack/react-query';
import { keys } from '~/api/keys';
import { queryOf } from '~/pages/search/filters';
import { call } from '~/report/trace';
import { taken } from './first';

type Kept = [readonly unknown[], unknown];

/** Of an endless list, as its page keeps it. */
const firstPage = (body: unknown) => ({ pages: [body], pageParams: [undefined] });

// Where the page looks for these answers. The route is the description's, for the trace.
const places: { at: RegExp; route: string; keep: (body: never, id: string) => Kept }[] = [
  { at: /^\/auth\/me$/, route: '/auth/me', keep: (body: { account: unknown }) => [keys.me, body.account] },
  { at: /^\/categories$/, route: '/categories', keep: (body: unknown) => [keys.categories, body] },
  { at: /^\/gigs\/search\?/, route: '/gigs/search', keep: (body: unknown) => [keys.search(JSON.stringify(queryOf(new URLSearchParams(location.search)))), firstPage(body)] },
  { at: /^\/gigs\/([0-9a-f-]{36})$/, route: '/gigs/{id}', keep: (body: unknown, id) => [keys.gig(id), body] },
  { at: /^\/conversations\?/, route: '/conversations', keep: (body: unknown) => [keys.conversationList, firstPage(body)] },
  { at: /^\/conversations\/([0-9a-f-]{36})$/, route: '/conversations/{id}', keep: (body: unknown, id) => [keys.conversation(id), body] },
  { at: /^\/conversations\/([0-9a-f-]{36})\/messages\?/, route: '/conversations/{id}/messages', keep: (body: unknown, id) => [keys.messages(id), firstPage(body)] },
  { at: /^\/orders\/([0-9a-f-]{36})$/, route: '/orders/{id}', keep: (body: unknown, id) => [keys.order(id), body] },
];

const patience = 50; // ms; what is not here by then comes while the page shows that it waits

async function keep(client: QueryClient, url: string, waited: Promise<unknown>) {
  const path = url.replace('/api/v1', '');
  const place = places.find((p) => p.at.test(path));
  const first = window.oficioFirst?.calls[url];
  if (!place || !first) return;
  const body = await Promise.race([first.answer.then((r) => (r.ok ? r.clone().json() : undefined)), waited]).catch(() => undefined);
  if (body === undefined || !taken('GET', new URL(url, location.href).href)) return;
  const [key, data] = place.keep(body as never, place.at.exec(path)?.[1] ?? '');
  client.setQueryData(key, data);
  call('GET', place.route, first).ended(200);
}

/** Answers that are here before the page is drawn are known to it from the start: it need not show that it waits for them. */
export async function prime(client: QueryClient) {
  const waited = new Promise<undefined>((done) => setTimeout(done, patience, undefined));
  await Promise.all(Object.keys(window.oficioFirst?.calls ?? {}).map((url) => keep(client, url, waited)));
}
