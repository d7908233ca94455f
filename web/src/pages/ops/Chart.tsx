import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import classes from './Ops.module.css';
import { rangeOf } from './rangeOf';

export interface Line {
  label: string;
  color: string; // a CSS variable's name
  values: (number | null)[];
  dash?: number[];
}

/** Figures over time. The table beside it says the same in words. */
export default function Chart({ label, times, lines, unit, log }: { label: string; times: number[]; lines: Line[]; unit: string; log?: boolean }) {
  const { i18n } = useTranslation();
  const place = useRef<HTMLDivElement>(null);
  const shade = useComputedColorScheme(); // its colours are read when it is drawn
  useEffect(() => {
    const at = place.current;
    if (!at) return;
    const style = getComputedStyle(at);
    const of = (name: string) => style.getPropertyValue(name);
    const ink = of('--mantine-color-text');
    const grid = { stroke: of('--mantine-color-default-border'), width: 1 };
    const font = `12px ${style.fontFamily}`;
    const days = (times.at(-1) ?? 0) - (times[0] ?? 0) > 2 * 86_400;
    const time = new Intl.DateTimeFormat(i18n.language, days ? { month: 'short', day: 'numeric' } : { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
    const number = new Intl.NumberFormat(i18n.language, { maximumSignificantDigits: 3 });
    // A figure between two moments without any has no line, and must be seen all the same.
    const alone = (u: uPlot, series: number, show: boolean) => {
      const values: (number | null | undefined)[] = Array.from(u.data[series] ?? []);
      const none = (i: number) => values[i] === null || values[i] === undefined;
      return show ? null : values.flatMap((_, i) => (!none(i) && none(i - 1) && none(i + 1) ? [i] : []));
    };
    const filter = (_u: uPlot, ticks: number[]) => ticks.map((v) => (!log || Number.isInteger(Math.round(Math.log10(v) * 1e6) / 1e6) ? v : null));
    const chart = new uPlot(
      {
        width: at.clientWidth,
        height: 200,
        legend: { show: false },
        cursor: { show: false },
        scales: { y: { range: (_u, min, max) => rangeOf(min, max, log === true), distr: log ? 3 : 1 } },
        series: [{}, ...lines.map((l) => ({ stroke: of(l.color), width: 2, dash: l.dash, points: { size: 5, filter: alone } }))],
        axes: [
          { stroke: ink, grid, font, ticks: grid, space: 76, values: (_u, ticks) => ticks.map((s) => time.format(new Date(s * 1000))) },
          // Of a logarithmic scale only 1, 10, 100.
          { stroke: ink, grid: { ...grid, filter }, font, ticks: { ...grid, filter }, filter, size: 64, values: (_u, ticks) => ticks.map((v) => (v === null ? '' : `${number.format(v)}${unit}`)) },
        ],
      },
      [times, ...lines.map((l) => l.values)],
      at,
    );
    const watcher = new ResizeObserver(() => chart.setSize({ width: at.clientWidth, height: 200 }));
    watcher.observe(at);
    return () => {
      watcher.disconnect();
      chart.destroy();
    };
  }, [times, lines, unit, log, i18n.language, shade]);
  return (
    <div>
      <div ref={place} className={classes.chart} role="img" aria-label={label} />
      <div className={classes.legend} aria-hidden>
        {lines.map((l) => (
          <span key={l.label} style={{ '--ink': `var(${l.color})` } as React.CSSProperties}>
            {l.label}
          </span>
        ))}
      </div>
    </div>
  );
}
