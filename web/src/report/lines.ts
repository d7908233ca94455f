// Facts as lines of the intake's format (v2): what the gateway's /intake/v2/rum/events reads.
import { ApiError } from '~/api/problem';
import { cleanMessage, cleanQuery, cleanReferrer, cut, framesOf } from './clean';
import { aborted, type Fact, type Where } from './trace';

export type Line = Record<'metadata', object> | Record<'transaction', object> | Record<'span', object> | Record<'error', object>;

/** What the browser measured since the page was asked for; milliseconds, the layout shift a sum of shares. */
export type Vitals = Partial<Record<'TTFB' | 'FCP' | 'LCP' | 'CLS' | 'INP', number>>;

/** One visit in one tab, and the number of the next thing that is told of it. */
export interface Visit {
  id: string;
  next: () => number;
}

const hex = (bytes: number) => Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (b) => b.toString(16).padStart(2, '0')).join('');
const rounded = (ms: number) => Math.max(0, Math.round(ms * 1000) / 1000);

/** A route as an address: there may be no braces in one. */
const addressOf = (route: string) => location.origin + route.replace(/\{(\w+)\}/g, ':$1');

const pageOf = (route: string) => ({
  url: cut(addressOf(route) + cleanQuery(location.search), 300),
  ...(cleanReferrer(document.referrer) ? { referer: cleanReferrer(document.referrer) } : {}),
});

const place = (at: Where | null) =>
  at ? { trace_id: at.trace, transaction_id: at.transaction, parent_id: at.transaction, transaction: { type: at.kind, sampled: true } } : {};

export function metadata(version: string): Line {
  return {
    metadata: {
      service: { name: 'oficio-web', version, agent: { name: 'rum-js', version: `oficio-${version}` }, language: { name: 'javascript' } },
      labels: { language: document.documentElement.lang, width: innerWidth < 768 ? 'narrow' : innerWidth < 1200 ? 'middle' : 'wide' },
    },
  };
}

/** How the page came: the milestones that the browser keeps, in ms after it was asked for. */
function marks(vitals: Vitals) {
  const [nav] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  if (!nav) return {};
  const names = [
    'fetchStart', 'domainLookupStart', 'domainLookupEnd', 'connectStart', 'connectEnd', 'requestStart', 'responseStart', 'responseEnd',
    'domInteractive', 'domContentLoadedEventStart', 'domContentLoadedEventEnd', 'domComplete', 'loadEventStart', 'loadEventEnd',
  ] as const;
  const timing = Object.fromEntries(names.map((name) => [name, Math.round(nav[name])]));
  const agent = Object.fromEntries(
    (
      [
        ['timeToFirstByte', vitals.TTFB],
        ['firstContentfulPaint', vitals.FCP],
        ['largestContentfulPaint', vitals.LCP],
        ['domInteractive', nav.domInteractive],
        ['domComplete', nav.domComplete],
      ] as const
    )
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, Math.round(value as number)]),
  );
  return {
    marks: { agent, navigationTiming: timing },
    response: { transfer_size: nav.transferSize, encoded_body_size: nav.encodedBodySize, decoded_body_size: nav.decodedBodySize },
  };
}

function transactionLine(fact: Fact & { is: 'transaction' }, vitals: Vitals, session: Visit): Line {
  const first = fact.kind === 'page-load';
  const { marks: told, response } = first ? marks(vitals) : { marks: undefined, response: undefined };
  return {
    transaction: {
      id: fact.id,
      trace_id: fact.trace,
      name: fact.name,
      type: fact.kind,
      duration: rounded(fact.ended - fact.began),
      context: { page: pageOf(fact.page), ...(response ? { response } : {}) },
      ...(told ? { marks: told } : {}),
      ...(first && vitals.CLS !== undefined ? { experience: { cls: vitals.CLS } } : {}),
      span_count: { started: fact.calls },
      sampled: true,
      sample_rate: 1,
      session: { id: session.id, sequence: session.next() },
      outcome: 'unknown',
    },
  };
}

function spanLine(fact: Fact & { is: 'span' }): Line {
  const name = `${fact.method} /api/v1${fact.route}`;
  return {
    span: {
      id: fact.id,
      transaction_id: fact.transaction,
      parent_id: fact.transaction,
      trace_id: fact.trace,
      name,
      type: 'external',
      subtype: 'http',
      start: rounded(fact.began - fact.since),
      duration: rounded(fact.ended - fact.began),
      context: {
        http: { method: fact.method, url: addressOf(`/api/v1${fact.route}`), ...(fact.status && fact.status !== aborted ? { status_code: fact.status } : {}) },
        destination: { address: location.hostname, port: Number(location.port) || (location.protocol === 'https:' ? 443 : 80), service: { resource: location.host, name: '', type: '' } },
      },
      outcome: fact.status === aborted ? 'unknown' : fact.status >= 400 || fact.status === 0 ? 'failure' : 'success',
    },
  };
}

/** What was thrown, as its kind, what it says of the program, and its stack. */
function exception(error: unknown) {
  if (error instanceof ApiError) return { type: 'ApiError', message: `${error.status} ${error.code}`, stack: error.stack ?? '' };
  if (error instanceof Error) return { type: error.name, message: cleanMessage(error.message), stack: error.stack ?? '' };
  return { type: typeof error, message: 'something that is no Error was thrown', stack: '' };
}

function errorLine(fact: Fact & { is: 'error' }): Line {
  const { type, message, stack } = exception(fact.error);
  const stacktrace = framesOf(stack);
  const top = stacktrace[0];
  return {
    error: {
      id: hex(16),
      ...(top ? { culprit: `${top.function} in ${top.filename}` } : {}),
      exception: { message: `${type}: ${message}`, type: cut(type, 100), handled: fact.handled, stacktrace },
      context: { page: pageOf(fact.page) },
      ...place(fact.at),
    },
  };
}

const logLine = (fact: Fact & { is: 'log' }): Line => ({
  error: { id: hex(16), log: { level: fact.level, logger_name: 'web', message: cut(fact.text, 200) }, context: { page: pageOf(fact.page), tags: fact.tags }, ...place(fact.at) },
});

export function lineOf(fact: Fact, vitals: Vitals, session: Visit): Line {
  switch (fact.is) {
    case 'transaction':
      return transactionLine(fact, vitals, session);
    case 'span':
      return spanLine(fact);
    case 'error':
      return errorLine(fact);
    case 'log':
      return logLine(fact);
  }
}

/** The end of a visit, with what is known only then: the slowest answer to a press, and all that has moved. */
export function exitLine(page: string, vitals: Vitals, session: Visit, lost: number): Line {
  return {
    transaction: {
      id: hex(8),
      trace_id: hex(16),
      name: page,
      type: 'page-exit',
      duration: 0,
      context: {
        page: pageOf(page),
        tags: {
          ...(vitals.INP !== undefined ? { inp_value: Math.round(vitals.INP) } : {}),
          ...(vitals.LCP !== undefined ? { lcp_value: Math.round(vitals.LCP) } : {}),
          ...(vitals.CLS !== undefined ? { cls_value: Math.round(vitals.CLS * 10_000) / 10_000 } : {}),
          ...(lost ? { lost } : {}),
        },
      },
      span_count: { started: 0 },
      sampled: true,
      sample_rate: 1,
      session: { id: session.id, sequence: session.next() },
      outcome: 'unknown',
    },
  };
}
