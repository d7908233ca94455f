// What Elasticsearch would answer to a panel's request, in its form, with figures made up from the question.

const STEPS = 24;
const BEGIN = Date.UTC(2026, 0, 31, 9, 0);
const STEP = 150_000;

// The same for the same place in the question.
function figure(seed, most) {
  let hash = 2166136261;
  for (const c of String(seed)) hash = Math.imul(hash ^ c.charCodeAt(0), 16777619) >>> 0;
  return (hash % 10_000) / 10_000 * most;
}

function bucket(key, aggs, seed, empty) {
  const count = empty ? 0 : 1 + Math.round(figure(seed, 200));
  return { key, doc_count: count, ...answer(aggs ?? {}, count, seed, empty) };
}

const kinds = {
  filter: (how, aggs, count, seed, empty) => {
    const part = Math.round(count / 3);
    return { doc_count: part, ...answer(aggs, part, seed, empty) };
  },
  terms: (how, aggs, count, seed, empty) => ({
    buckets: empty ? [] : ['orders', 'gateway', 'GET /api/v1/gigs/{id}'].slice(0, how.size)
      .map((key) => bucket(key, aggs, seed + key, empty)),
  }),
  date_histogram: (how, aggs, count, seed, empty) => ({
    buckets: Array.from({ length: STEPS }, (_, i) => ({
      key_as_string: new Date(BEGIN + i * STEP).toISOString(),
      ...bucket(BEGIN + i * STEP, aggs, seed + i, empty || i === 5),
    })),
  }),
  percentiles: (how, aggs, count, seed, empty) => ({
    values: Object.fromEntries(how.percents.map((p) => [p.toFixed(1), count && !empty ? figure(seed, 1000) + p * 1000 : null])),
  }),
};
for (const kind of ['avg', 'max', 'min', 'sum', 'cardinality']) {
  kinds[kind] = (how, aggs, count, seed, empty) => ({ value: empty && kind !== 'cardinality' ? null : figure(seed, 5000) });
}

// `empty`: nothing fits.
export function answer(aggs, count = 100, seed = '', empty = false) {
  const out = {};
  for (const [name, what] of Object.entries(aggs)) {
    const kind = Object.keys(what).find((k) => k !== 'aggs');
    if (!kinds[kind]) throw new Error(`no answer is known to an aggregation ${kind}`);
    out[name] = kinds[kind](what[kind], what.aggs ?? {}, count, `${seed}/${name}`, empty);
  }
  return out;
}

function value(field, i) {
  if (field === 'timestamp.us') return BEGIN * 1000 + i * 900;
  if (field.endsWith('duration.us')) return 40_000 / (i + 1);
  if (field === 'trace.id') return 'one trace';
  return field === 'event.outcome' ? 'success' : `${field} ${i % 3}`;
}

// The documents of a request for `fields`: of a span those of spans, of a transaction those of transactions.
export function hits(fields, empty) {
  const of = (i) => fields.filter((f) => !f.startsWith(i ? 'transaction.' : 'span.'));
  return empty ? [] : Array.from({ length: 12 }, (_, i) => (
    { _id: String(i), fields: Object.fromEntries(of(i).map((f) => [f, [value(f, i)]])) }));
}

export function reply(body, empty = false) {
  return {
    hits: { hits: body.size ? hits(body.fields, empty) : [] },
    aggregations: answer(body.aggs ?? {}, empty ? 0 : 100, '', empty),
  };
}
