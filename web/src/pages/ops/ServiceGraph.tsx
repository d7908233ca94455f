import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ServiceMap } from './data';
import { useFigures } from './useFigures';
import classes from './Ops.module.css';

const width = 190;
const height = 46;
const gap = 16;
const between = 110;

interface Place {
  name: string;
  x: number;
  y: number;
}

/** Browsers, the gateway, services, and the servers that they stand on: a column each. */
export function placesOf(map: ServiceMap): Map<string, Place> {
  const services = map.services.map((s) => s.service);
  // Near to those who call them, so that few lines cross.
  const callers = (to: string) => map.dependencies.filter((d) => d.to === to).map((d) => d.from).sort();
  const servers = [...new Set(map.dependencies.map((d) => d.to))]
    .filter((to) => !services.includes(to))
    .sort((a, b) => (callers(a)[0] ?? '').localeCompare(callers(b)[0] ?? '') || a.localeCompare(b));
  const columns = [
    services.filter((s) => s === 'web'),
    services.filter((s) => s === 'gateway'),
    services.filter((s) => s !== 'web' && s !== 'gateway').sort(),
    servers,
  ].filter((c) => c.length > 0);
  const tallest = Math.max(0, ...columns.map((c) => c.length));
  const places = new Map<string, Place>();
  columns.forEach((names, column) => {
    const top = ((tallest - names.length) * (height + gap)) / 2;
    names.forEach((name, row) => places.set(name, { name, x: column * (width + between), y: top + row * (height + gap) }));
  });
  return places;
}

const colors = { ok: 'var(--mantine-color-teal-6)', unavailable: 'var(--mantine-color-red-7)', unreachable: 'var(--mantine-color-red-7)', unknown: 'var(--mantine-color-gray-6)' };

export function ServiceGraph({ map }: { map: ServiceMap }) {
  const { t } = useTranslation('ops');
  const f = useFigures();
  const places = useMemo(() => placesOf(map), [map]);
  const all = [...places.values()];
  if (all.length === 0) return null;
  const right = Math.max(...all.map((p) => p.x)) + width + 2;
  const bottom = Math.max(...all.map((p) => p.y)) + height + 2;
  return (
    <div className={`${classes.scroll} mantine-visible-from-sm`} tabIndex={0} role="group" aria-label={t('map')}>
      <svg className={classes.map} viewBox={`-1 -1 ${right} ${bottom}`} role="img" aria-label={t('map_hint')} style={{ maxWidth: right, minWidth: Math.min(right, 900) }}>
        {map.dependencies.map((d) => {
          const from = places.get(d.from);
          const to = places.get(d.to);
          if (!from || !to || from === to) return null;
          const [x1, y1, x2, y2] = [from.x + width, from.y + height / 2, to.x, to.y + height / 2];
          const half = (x1 + x2) / 2;
          return (
            <path key={`${d.from} ${d.to}`} d={`M${x1},${y1} C${half},${y1} ${half},${y2} ${x2},${y2}`} strokeWidth={1 + Math.min(3, Math.log10(1 + d.calls))} data-bad={d.errors > 0 || undefined}>
              <title>{t('edge', { from: d.from, to: d.to, calls: f.count(d.calls), errors: f.count(d.errors) })}</title>
            </path>
          );
        })}
        {all.map((p) => {
          const service = map.services.find((s) => s.service === p.name);
          // Browsers handle nothing, they only call.
          const calls = map.dependencies.filter((d) => (p.name === 'web' ? d.from : d.to) === p.name);
          const sum = (of: (d: (typeof calls)[number]) => number) => calls.reduce((all, d) => all + of(d), 0);
          // A server is as well as its callers found it.
          const health = service?.health ?? (sum((d) => d.calls) === 0 ? 'unknown' : sum((d) => d.errors) > 0 ? 'unavailable' : 'ok');
          return (
            <g key={p.name} transform={`translate(${p.x},${p.y})`}>
              <rect width={width} height={height} rx={8} />
              <circle cx={18} cy={height / 2} r={6} fill={colors[health]} />
              <text x={34} y={20}>
                {p.name.length > 20 ? `${p.name.slice(0, 19)}…` : p.name}
                <title>{p.name}</title>
              </text>
              <text x={34} y={37} className={classes.small}>
                {service && p.name !== 'web' ? t('node', { requests: f.count(service.requests), p95: f.ms(service.latency.p95_ms) }) : t('server', { calls: f.count(sum((d) => d.calls)), errors: f.count(sum((d) => d.errors)) })}
              </text>
            </g>
          );
        })}
      </svg>
    </div>
  );
}
