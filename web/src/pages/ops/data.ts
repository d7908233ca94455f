import type { Client } from 'openapi-fetch';
import { api } from '~/api/client';
import type { gateway, paths } from '~/api/schema';

// The gateway's description names whole paths, the client stands at /api/v1.
type OpsPaths = { [K in keyof paths as K extends `/api/v1${infer Rest}` ? Rest : never]: paths[K] };
export const ops = api as unknown as Client<OpsPaths>;

type Schemas = gateway['schemas'];
export type Overview = Schemas['traffic_overview'];
export type Traffic = Schemas['traffic'];
export type Latency = Schemas['latency'];
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
  entry: Entry;
  depth: number;
  left: number; // shares of the trace's length
  width: number;
}

/** A trace as rows: what happened within something stands below it, a step further in. */
export function barsOf(entries: Entry[]): Bar[] {
  const end = Math.max(1, ...entries.map((e) => e.start_us + (e.duration_us ?? 0)));
  const begin = Math.min(...entries.map((e) => e.start_us), 0);
  const ids = new Set(entries.map((e) => e.id).filter(Boolean));
  const within = new Map<string, Entry[]>();
  const roots: Entry[] = [];
  for (const e of entries) {
    const parent = e.parent_id;
    // A part of what is not here (it was not sampled, or is a browser's that told nothing) begins anew.
    if (!parent || !ids.has(parent) || parent === e.id) roots.push(e);
    else within.set(parent, [...(within.get(parent) ?? []), e]);
  }
  const rows: Bar[] = [];
  const seen = new Set<Entry>();
  const walk = (e: Entry, depth: number) => {
    if (seen.has(e)) return;
    seen.add(e);
    rows.push({ entry: e, depth, left: (e.start_us - begin) / (end - begin), width: (e.duration_us ?? 0) / (end - begin) });
    if (e.id) for (const child of within.get(e.id) ?? []) walk(child, depth + 1);
  };
  for (const root of roots) walk(root, 0);
  for (const e of entries) walk(e, 0); // whose parents name each other
  return rows;
}
