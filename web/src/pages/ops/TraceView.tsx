import { Alert, Badge, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo, type CSSProperties } from 'react';
import { useTranslation } from 'react-i18next';
import { got } from '~/api/client';
import { LevelBadge } from './LevelBadge';
import { Loaded } from './Loaded';
import { barsOf, isWrong, ops, type Bar, type Entry, type Trace } from './data';
import { useFigures } from './useFigures';
import classes from './Ops.module.css';

const inks: Record<string, string> = { db: 'blue', cache: 'grape', messaging: 'orange', external: 'cyan', search: 'indigo', mail: 'pink' };

const inkOf = (entry: Entry) =>
  isWrong(entry) ? 'var(--mantine-color-error)' : entry.kind === 'transaction' ? 'var(--mantine-color-anchor)' : `var(--mantine-color-${inks[entry.type ?? ''] ?? 'gray'}-6)`;

/** What its parts tell of: that it was there, and about when. */
function Lost({ bar }: { bar: Bar }) {
  const { t } = useTranslation('ops');
  return (
    <li className={`${classes.row} ${classes.lost}`}>
      <span className={classes.name}>{t('not_recorded')}</span>
      <span className={classes.lane}>
        <span className={classes.length} style={{ left: `${bar.left * 100}%`, width: `${bar.width * 100}%` }} />
      </span>
    </li>
  );
}

function Row({ bar, entry }: { bar: Bar; entry: Entry }) {
  const { t } = useTranslation('ops');
  const f = useFigures();
  const { depth, left, width } = bar;
  const took = entry.duration_us === null ? t('after', { time: f.us(entry.start_us) }) : f.us(entry.duration_us);
  // On the side where there is room, else on the bar itself.
  const within = left + width > 0.7 && left < 0.3;
  const label = within ? { right: `${(1 - left - width) * 100}%` } : left + width > 0.7 ? { right: `${(1 - left) * 100}%` } : { left: `${(left + width) * 100}%` };
  return (
    <li>
      <details className={`${classes.row} ${classes.span}`}>
        <summary>
          <span className={classes.name} style={{ paddingLeft: Math.min(depth, 12) * 16 }} title={entry.name}>
            {entry.kind === 'log' || entry.kind === 'error' ? <LevelBadge level={entry.level || 'error'} /> : <b>{entry.service}</b>} {entry.name}
            {entry.status !== null && entry.kind === 'transaction' && (
              <Text component="span" size="sm" c="dimmed">
                {' '}
                {entry.status}
              </Text>
            )}
          </span>
          <span className={classes.lane}>
            <span className={classes.length} style={{ '--ink': inkOf(entry), left: `${left * 100}%`, width: `${width * 100}%` } as CSSProperties} />
            <span className={classes.took} style={label} data-within={within || undefined}>
              {took}
            </span>
          </span>
        </summary>
        <div className={classes.inner}>
          <Text size="sm">
            {[t(`kind.${entry.kind}`), entry.service, entry.type, entry.outcome, f.at(entry.at)].filter(Boolean).join(' · ')}
          </Text>
          <pre className={classes.stack} tabIndex={0} aria-label={t('all_fields')}>
            {JSON.stringify(entry.fields, null, 2)}
          </pre>
        </div>
      </details>
    </li>
  );
}

function Waterfall({ trace }: { trace: Trace }) {
  const { t } = useTranslation('ops');
  const f = useFigures();
  const bars = useMemo(() => barsOf(trace.entries), [trace]);
  const length = Math.max(...trace.entries.map((e) => e.start_us + (e.duration_us ?? 0)));
  const services = [...new Set(trace.entries.map((e) => e.service))];
  return (
    <Stack>
      <div>
        <Title order={2} fz={18}>
          {t('view.trace')}
        </Title>
        <Text className={classes.mono}>{trace.trace_id}</Text>
        <Text size="sm" c="dimmed">
          {f.us(length)} · {t('entries', { count: trace.entries.length })} · {services.join(', ')}{' '}
          {trace.entries.some(isWrong) && (
            <Badge color="red.9" radius="sm" size="sm">
              {t('failed')}
            </Badge>
          )}
        </Text>
      </div>
      {bars.some((bar) => bar.entry === null) && <Alert color="orange">{t('not_recorded_hint')}</Alert>}
      {trace.cut && <Alert color="orange">{t('trace_cut')}</Alert>}
      <ul className={classes.rows} aria-label={t('waterfall')}>
        {bars.map((bar) => (bar.entry ? <Row key={bar.key} bar={bar} entry={bar.entry} /> : <Lost key={bar.key} bar={bar} />))}
      </ul>
    </Stack>
  );
}

export function TraceView({ id }: { id: string }) {
  const query = useQuery({
    queryKey: ['ops', 'trace', id],
    queryFn: () => got(ops.GET('/ops/traces/{id}', { params: { path: { id } } })),
  });
  return <Loaded query={query}>{(trace) => <Waterfall trace={trace} />}</Loaded>;
}
