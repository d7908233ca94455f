import createClient, { type Middleware } from 'openapi-fetch';
import { taken, type FirstCall } from '~/first/first';
import { aborted, call, type Call } from '~/report/trace';
import { offline, toError } from './problem';
import type { paths } from './schema';

const cookie = (name: string): string | undefined =>
  document.cookie
    .split('; ')
    .find((pair) => pair.startsWith(`${name}=`))
    ?.slice(name.length + 1);

/** A browser that has never signed in, or has signed out, has no such cookie. */
export const mayBeSignedIn = () => cookie('csrf') !== undefined;

const changes = (method: string) => !['GET', 'HEAD', 'OPTIONS'].includes(method);

/** Proves that this page, and not another site's, makes the call. */
export function withCsrf(request: Request): Request {
  const token = cookie('csrf');
  if (token && changes(request.method)) request.headers.set('X-CSRF-Token', decodeURIComponent(token));
  return request;
}

async function renewSession(): Promise<boolean> {
  const answer = await fetch(withCsrf(new Request('/api/v1/auth/refresh', { method: 'POST' })));
  return answer.ok;
}

/**
 * A refresh token can be used once: with two tabs, one renews and the other waits and then finds the
 * session renewed. `seen` is the csrf cookie with which the call was refused.
 */
async function renewOverTabs(): Promise<boolean> {
  const asked = Date.now();
  const work = async () => {
    const last = Number(localStorage.getItem('oficio-renewed') ?? 0);
    if (last >= asked) return true;
    const done = await renewSession();
    if (done) localStorage.setItem('oficio-renewed', String(Date.now()));
    return done;
  };
  return navigator.locks ? navigator.locks.request('oficio-session', work) : work();
}

let renewing: Promise<boolean> | null = null;
/** All calls of this page that were refused wait for one renewal: locks are not there in an insecure context. */
function renewOnce(): Promise<boolean> {
  renewing ??= renewOverTabs().finally(() => (renewing = null));
  return renewing;
}

const sessionEnded = new EventTarget();
/** Calls back when the server no longer knows this browser's session. */
export function onSessionEnded(listener: () => void): () => void {
  sessionEnded.addEventListener('ended', listener);
  return () => sessionEnded.removeEventListener('ended', listener);
}

/** This browser's session is over: another tab signed out, or the server says so. */
export const tellSessionEnded = () => void sessionEnded.dispatchEvent(new Event('ended'));

const early = new WeakMap<Request, FirstCall>();

/** The answer that was asked for before the program was here, or, without one, a call now. */
async function ask(request: Request): Promise<Response> {
  const answer = await early.get(request)?.answer.catch(() => undefined);
  request.signal.throwIfAborted();
  return answer ?? fetch(withCsrf(request));
}

/** fetch() with the session renewed when it has run out; rejects with ApiError where no answer came. */
export async function sessionFetch(request: Request): Promise<Response> {
  const again = request.clone();
  const send = async (r: Request) => {
    try {
      return await ask(r);
    } catch (e) {
      throw r.signal.aborted ? e : offline(); // nobody waits for it any more
    }
  };
  const answer = await send(request);
  const own = new URL(request.url).pathname;
  if (answer.status !== 401 || !mayBeSignedIn() || own.startsWith('/api/v1/auth/sign')) return answer;
  if (await renewOnce().catch(() => false)) return send(again);
  tellSessionEnded();
  return answer;
}

const errorsAsExceptions: Middleware = {
  async onResponse({ response }) {
    if (response.ok) return undefined;
    const body: unknown = await response
      .clone()
      .json()
      .catch(() => null);
    throw toError(response, body);
  },
};

const calls = new Map<string, Call>();
/** Each call is told of with its route, and carries the trace that it belongs to. */
const traced: Middleware = {
  onRequest({ request, schemaPath, id }) {
    const first = taken(request.method, request.url);
    if (first) early.set(request, first);
    const begun = call(request.method, schemaPath, first);
    calls.set(id, begun);
    request.headers.set('traceparent', begun.traceparent);
  },
  onResponse({ id, response }) {
    calls.get(id)?.ended(response.status);
    calls.delete(id);
  },
  onError({ id, request }) {
    calls.get(id)?.ended(request.signal.aborted ? aborted : 0);
    calls.delete(id);
  },
};

export const api = createClient<paths>({ baseUrl: '/api/v1', fetch: sessionFetch, credentials: 'same-origin' });
api.use(errorsAsExceptions, traced); // the last hears of an answer first

/** The body of an answer that was good (others were thrown). */
export async function got<T>(call: Promise<{ data?: T }>): Promise<T> {
  const { data } = await call;
  return data as T;
}
