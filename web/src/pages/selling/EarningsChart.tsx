import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Earnings } from '~/api/types';
import classes from './Selling.module.css';

type Entry = Earnings['entries']['items'][number];

/** The sum of all entries up to each, oldest first: seconds, and major units. */
export function runningSums(entries: Entry[]): [number[], number[]] {
  const sorted = [...entries].sort((a, b) => a.at.localeCompare(b.at));
  let sum = 0;
  return [sorted.map((e) => Date.parse(e.at) / 1000), sorted.map((e) => (sum += e.amount.amount) / 100)];
}

/** How the earnings grew. The table beside it says the same in words. */
export default function EarningsChart({ entries }: { entries: Entry[] }) {
  const { t, i18n } = useTranslation('selling');
  const place = useRef<HTMLDivElement>(null);
  const shade = useComputedColorScheme(); // its colours are read when it is drawn
  useEffect(() => {
    const at = place.current;
    if (!at) return;
    const style = getComputedStyle(at);
    const ink = style.getPropertyValue('--mantine-color-text');
    const line = style.getPropertyValue('--mantine-color-anchor');
    const grid = { stroke: style.getPropertyValue('--mantine-color-default-border'), width: 1 };
    const font = `12px ${style.fontFamily}`;
    const short = new Intl.DateTimeFormat(i18n.language, { month: 'short', day: 'numeric' });
    const money = new Intl.NumberFormat(i18n.language, { style: 'currency', currency: entries[0]?.amount.currency ?? 'USD', maximumFractionDigits: 0 });
    const chart = new uPlot(
      {
        width: at.clientWidth,
        height: 220,
        legend: { show: false },
        series: [{}, { stroke: line, width: 2, points: { show: false }, fill: `color-mix(in srgb, ${line} 12%, transparent)` }],
        axes: [
          { stroke: ink, grid, font, ticks: grid, values: (_u, ticks) => ticks.map((s) => short.format(new Date(s * 1000))) },
          { stroke: ink, grid, font, ticks: grid, size: 72, values: (_u, ticks) => ticks.map((v) => money.format(v)) },
        ],
      },
      runningSums(entries),
      at,
    );
    const watcher = new ResizeObserver(() => chart.setSize({ width: at.clientWidth, height: 220 }));
    watcher.observe(at);
    return () => {
      watcher.disconnect();
      chart.destroy();
    };
  }, [entries, i18n.language, shade]);
  return <div ref={place} className={classes.chart} role="img" aria-label={t('chart')} />;
}
