// What this page does, as traces: loading, going to another page, and what a click sets off are each one
// transaction, and the calls to the API in it are its spans. Their ids go with the calls (traceparent), so that
// the services' spans hang below the click. Nothing here is sent: the reporter, which comes later, takes it.
import { firstTrace, type FirstCall } from '~/first/first';

export type Kind = 'page-load' | 'route-change' | 'user-interaction' | 'http-request';

/** Something that is finished and can be told. Times are milliseconds of performance.now(). */
export type Fact =
  | { is: 'transaction'; id: string; trace: string; kind: Kind; name: string; page: string; began: number; ended: number; calls: number }
  | { is: 'span'; id: string; trace: string; transaction: string; method: string; route: string; status: number; began: number; ended: number; since: number }
  | { is: 'error'; error: unknown; handled: boolean; page: string; at: Where | null }
  | { is: 'log'; level: 'warning' | 'error'; text: string; tags: Record<string, string | number>; page: string; at: Where | null };

/** The place in a trace at which something happened. */
export interface Where {
  trace: string;
  transaction: string;
  kind: Kind;
}

interface Activity {
  id: string;
  trace: string;
  kind: Kind;
  name: string;
  page: string;
  began: number;
  last: number;
  open: number;
  calls: number;
  held: boolean; // not before its page is shown
  done: boolean;
  spans: Fact[]; // told after it, so that whoever reads them knows what they belong to
  timer?: ReturnType<typeof setTimeout>;
}

/** The status of a call that nobody waits for any more, as servers call it. */
export const aborted = 499;

export const quiet = 1_000; // ms without a call: it is over; slow machines need long from a page to its first call
export const longest = 30_000; // ms after which it is over whatever still runs
const soon = 1_000; // ms in which a call still belongs to the click before it
const most = 200; // facts that wait for the reporter; what comes then is lost

const hex = (bytes: number) => Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (b) => b.toString(16).padStart(2, '0')).join('');

let waiting: Fact[] = [];
let take: ((fact: Fact) => void) | null = null;
let page = 'unknown';
let current: Activity | null = null;
const running = new Set<Activity>();
let click: { name: string; at: number } | null = null;

function tell(fact: Fact) {
  if (take) take(fact);
  else if (waiting.length < most) waiting.push(fact);
}

/** The reporter is here: gives it what waits, and from now on everything at once. */
export function deliverTo(reporter: ((fact: Fact) => void) | null) {
  take = reporter;
  if (!reporter) return;
  for (const fact of waiting) reporter(fact);
  waiting = [];
}

/** The page that is shown, by its route: "/gigs/{id}". */
export const currentPage = () => page;

export const whereNow = (): Where | null => (current && !current.done ? { trace: current.trace, transaction: current.id, kind: current.kind } : null);

function finish(a: Activity) {
  if (a.done) return;
  a.done = true;
  running.delete(a);
  clearTimeout(a.timer);
  if (current === a) current = null;
  tell({ is: 'transaction', id: a.id, trace: a.trace, kind: a.kind, name: a.name, page: a.page, began: a.began, ended: a.last, calls: a.calls });
  a.spans.forEach(tell);
}

/** Over when nothing more comes for a moment, and at the latest after `longest`. */
function settle(a: Activity) {
  clearTimeout(a.timer);
  a.timer = setTimeout(() => finish(a), a.held || a.open > 0 ? Math.max(0, a.began + longest - performance.now()) : quiet);
}

function begin(kind: Kind, name: string, began = performance.now(), trace = hex(16)): Activity {
  const before = current;
  const a: Activity = { id: hex(8), trace, kind, name, page, began, last: performance.now(), open: 0, calls: 0, held: kind === 'page-load' || kind === 'route-change', done: false, spans: [] };
  current = a;
  running.add(a);
  if (before) {
    before.held = false;
    if (before.open === 0) finish(before);
  }
  settle(a);
  return a;
}

/** Something on the page was pressed: what it calls next belongs to it. `name` says the kind of thing, never its words. */
export function pressed(name: string) {
  click = { name, at: performance.now() };
}

function recentClick() {
  const last = click;
  click = null;
  return last && performance.now() - last.at < soon ? last : null;
}

export const loading = () => begin('page-load', 'unknown', 0, firstTrace());

/** The way to another page begins; a click that caused it is where the trace begins. */
export function leaving(to: string) {
  const cause = recentClick();
  if (cause || !current || current.kind !== 'user-interaction') {
    begin('route-change', to, cause?.at);
    return;
  }
  current.kind = 'route-change';
  current.name = to;
  current.held = true;
  settle(current);
}

/** The page may be gone the next moment: what runs is over. */
export function endAll() {
  for (const a of [...running]) {
    a.last = performance.now();
    finish(a);
  }
}

/** This page is shown now. */
export function arrived(at: string) {
  page = at;
  if (!current || current.kind === 'user-interaction' || current.kind === 'http-request') return;
  current.name = at;
  current.page = at;
  current.last = performance.now();
  current.held = false;
  settle(current);
}

export interface Call {
  traceparent: string;
  /** To be called once: with the answer's status, or 0 where none came. */
  ended: (status: number) => void;
}

/**
 * A call to the API begins, or has begun before the program was here; `route` is the description's path ("/gigs/{id}"),
 * never the one with ids and names.
 */
export function call(method: string, route: string, first?: FirstCall): Call {
  const cause = recentClick();
  const a = cause ? begin('user-interaction', cause.name, cause.at) : current && !current.done ? current : begin('http-request', `${method} ${route}`);
  const id = first && a.trace === firstTrace() ? first.span : hex(8);
  const began = first?.began ?? performance.now();
  a.open += 1;
  a.calls += 1;
  settle(a);
  const from = { page, at: { trace: a.trace, transaction: a.id, kind: a.kind } };
  return {
    traceparent: `00-${a.trace}-${id}-01`,
    ended: (status) => {
      const ended = performance.now();
      a.open -= 1;
      a.last = ended;
      const span: Fact = { is: 'span', id, trace: a.trace, transaction: a.id, method, route, status, began, ended, since: a.began };
      if (a.done) tell(span);
      else {
        if (a.spans.length < most) a.spans.push(span);
        settle(a);
      }
      if (status === 0 || status >= 500) {
        tell({ is: 'log', level: 'error', text: status ? 'The API failed' : 'The API gave no answer', tags: { method, route, status }, ...from });
      }
    },
  };
}

/** A fault that nobody expected. */
export function fault(error: unknown, handled: boolean) {
  tell({ is: 'error', error, handled, page, at: whereNow() });
}

/** A line of our own: `text` is a fixed sentence, `tags` hold figures and codes, never anybody's words. */
export function note(level: 'warning' | 'error', text: string, tags: Record<string, string | number> = {}) {
  tell({ is: 'log', level, text, tags, page, at: whereNow() });
}
