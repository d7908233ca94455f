import type { Client } from 'openapi-fetch';
import { useSearchParams } from 'react-router';
import { api } from '~/api/client';
import type { gateway, paths } from '~/api/schema';

// The gateway's description names whole paths, the client stands at /api/v1.
type OpsPaths = { [K in keyof paths as K extends `/api/v1${infer Rest}` ? Rest : never]: paths[K] };
export const ops = api as unknown as Client<OpsPaths>;

type Schemas = gateway['schemas'];
export type Overview = Schemas['traffic_overview'];
export type Traffic = Schemas['traffic'];
export type Latency = Schemas['latency'];
export type RequestLine = Schemas['request_lines']['items'][number];
export type LogLine = Schemas['log_lines']['items'][number];
export type Trace = Schemas['trace'];
export type Entry = Trace['entries'][number];
export type ErrorGroup = Schemas['error_group'];
export type ServiceMap = Schemas['service_map'];
export type Browser = Schemas['browser'];
export type Events = Schemas['dead_events'];

export const ranges = ['15m', '1h', '6h', '24h', '7d'] as const;
export type Range = (typeof ranges)[number];
const minutes: Record<Range, number> = { '15m': 15, '1h': 60, '6h': 360, '24h': 1440, '7d': 10_080 };

/** From when on, to be asked for anew each time: the range ends now. */
export const since = (range: Range) => new Date(Date.now() - minutes[range] * 60_000).toISOString();

// Who writes telemetry. `oficio` is a process that has several of them.
export const services = ['auth', 'chat', 'gateway', 'gigs', 'notifications', 'oficio', 'orders', 'reviews', 'users', 'web'];

export const isTraceId = (text: string) => /^[0-9a-f]{32}$/.test(text);

/** Changes what the address asks for; what is empty is no longer asked. */
export function useApply() {
  const [, setParams] = useSearchParams();
  return (values: Record<string, string>) =>
    setParams((now) => {
      const next = new URLSearchParams(now);
      for (const [name, value] of Object.entries(values)) {
        if (value) next.set(name, value);
        else next.delete(name);
      }
      return next;
    });
}

/** Of requests that a figure counts. */
export const requestsOf = (of: Record<string, string>) => `/ops/requests?${new URLSearchParams(of).toString()}`;

/** What went wrong there. That somebody was refused (4xx) did not. */
export const isWrong = (e: Pick<Entry, 'kind' | 'outcome' | 'status'>) =>
  e.kind === 'error' || (e.outcome === 'failure' && !(e.status !== null && e.status >= 400 && e.status < 500));

/** Functions with many template arguments are longer than a screen: the arguments of the arguments are left out. */
export function brief(stack: string): string {
  return stack.split('\n').map((line) => {
    if (line.length <= 160) return line;
    let depth = 0;
    let out = '';
    for (const [at, c] of [...line].entries()) {
      const operator = line.slice(0, at).endsWith('operator') || line[at - 1] === '-';
      if (c === '<' && !operator && ++depth === 1) out += '<…>';
      else if (c === '>' && !operator && depth > 0) depth--;
      else if (depth === 0) out += c;
    }
    return depth === 0 ? out : line;
  }).join('\n');
}

export const share = (part: number, whole: number) => (whole > 0 ? part / whole : 0);

export type Rating = 'good' | 'fair' | 'poor';
// Where pages stop feeling good, and begin to feel bad (web.dev/vitals).
const bounds: Record<Browser['vitals'][number]['name'], [number, number]> = {
  lcp: [2500, 4000],
  inp: [200, 500],
  cls: [0.1, 0.25],
  fcp: [1800, 3000],
  ttfb: [800, 1800],
};
export function ratingOf(name: Browser['vitals'][number]['name'], value: number): Rating {
  const [good, poor] = bounds[name];
  return value <= good ? 'good' : value <= poor ? 'fair' : 'poor';
}

export interface Bar {
  entry: Entry | null; // null: what was not recorded, and is known by its parts alone
  key: string;
  depth: number;
  left: number; // shares of the trace's length
  width: number;
}

const endOf = (e: Entry) => e.start_us + (e.duration_us ?? 0);

// A trace may begin in a browser, or elsewhere, where nothing is recorded; all else has a beginning of ours.
const mayBegin = (e: Entry) => e.kind === 'transaction' && (e.service === 'gateway' || e.service === 'web');

/** A trace as rows: what happened within something stands below it, a step further in. */
export function barsOf(entries: Entry[]): Bar[] {
  const end = Math.max(1, ...entries.map(endOf));
  const begin = Math.min(...entries.map((e) => e.start_us), 0);
  const ids = new Set(entries.map((e) => e.id).filter(Boolean));
  const within = new Map<string, Entry[]>();
  const roots: (Entry | Entry[])[] = [];
  const lost = new Map<string, Entry[]>(); // by the id of what was not recorded
  for (const e of entries) {
    // A line in a call that is not recorded is still of the work that made the call.
    const parent = [e.parent_id, e.kind === 'transaction' ? null : e.transaction_id].find((id) => id && id !== e.id && ids.has(id));
    if (parent) within.set(parent, [...(within.get(parent) ?? []), e]);
    else if (!e.parent_id || e.parent_id === e.id || mayBegin(e)) roots.push(e);
    else {
      const siblings = lost.get(e.parent_id);
      if (siblings) siblings.push(e);
      else {
        const one = [e];
        lost.set(e.parent_id, one);
        roots.push(one);
      }
    }
  }
  const rows: Bar[] = [];
  const seen = new Set<Entry>();
  const place = (from: number, until: number) => ({ left: (from - begin) / (end - begin), width: (until - from) / (end - begin) });
  const walk = (e: Entry, depth: number) => {
    if (seen.has(e)) return;
    seen.add(e);
    rows.push({ entry: e, key: `${e.id ?? e.kind} ${rows.length}`, depth, ...place(e.start_us, endOf(e)) });
    if (e.id) for (const child of within.get(e.id) ?? []) walk(child, depth + 1);
  };
  for (const root of roots) {
    if (Array.isArray(root)) {
      rows.push({ entry: null, key: `lost ${rows.length}`, depth: 0, ...place(Math.min(...root.map((e) => e.start_us)), Math.max(...root.map(endOf))) });
      for (const e of root) walk(e, 1);
    } else walk(root, 0);
  }
  for (const e of entries) walk(e, 0); // whose parents name each other
  return rows;
}
