import { Card, NativeSelect, Skeleton, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { got } from '~/api/client';
import { Loaded } from './Loaded';
import type { ViewProps } from './OpsPage';
import { ScrollTable } from './ScrollTable';
import { ops, requestsOf, share, since, type Range, type Latency, type Overview, type Traffic } from './data';
import { useFigures } from './useFigures';
import classes from './Ops.module.css';

const Chart = lazy(() => import('./Chart'));

function Tile({ label, value, bad, note }: { label: string; value: string; bad?: boolean; note?: string }) {
  return (
    <Card withBorder padding="md">
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <Text fz={24} fw={800} c={bad ? 'var(--mantine-color-error)' : undefined}>
        {value}
      </Text>
      {note && (
        <Text size="sm" c="dimmed">
          {note}
        </Text>
      )}
    </Card>
  );
}

function Charts({ data }: { data: Overview }) {
  const { t } = useTranslation('ops');
  const { times, traffic, latency } = useMemo(() => {
    const series = data.series;
    const perMinute = (n: number) => (n * 60) / data.step_seconds;
    const line = (label: string, color: string, of: (l: Latency) => number | null, dash?: number[]) => ({
      label,
      color,
      dash,
      values: series.map((m) => of(m.latency)),
    });
    return {
      times: series.map((m) => Date.parse(m.at) / 1000),
      traffic: [
        { label: t('requests_per_minute'), color: '--mantine-color-anchor', values: series.map((m) => perMinute(m.requests)) },
        { label: t('errors_per_minute'), color: '--mantine-color-error', values: series.map((m) => perMinute(m.errors)), dash: [6, 4] },
      ],
      latency: [
        line('p50', '--mantine-color-anchor', (l) => l.p50_ms),
        line('p95', '--mantine-color-text', (l) => l.p95_ms, [6, 4]),
        line('p99', '--mantine-color-error', (l) => l.p99_ms, [2, 3]),
      ],
    };
  }, [data, t]);
  return (
    <div className={classes.charts}>
      <Card withBorder padding="md">
        <Title order={2} fz={16} mb="xs">
          {t('traffic')}
        </Title>
        <Chart label={t('traffic_chart')} times={times} lines={traffic} unit="" />
      </Card>
      <Card withBorder padding="md">
        <Title order={2} fz={16} mb="xs">
          {t('latency')}
        </Title>
        <Chart label={t('latency_chart')} times={times} lines={latency} unit=" ms" log />
      </Card>
    </div>
  );
}

function TrafficTable({ title, rows, minutes, range }: { title: string; rows: Traffic[]; minutes: number; range: Range }) {
  const { t } = useTranslation('ops');
  const f = useFigures();
  const heads = ['requests', 'per_minute', 'error_rate', 'p50', 'p95', 'p99'] as const;
  return (
    <section aria-label={title}>
      <Title order={2} fz={18} mb="xs">
        {title}
      </Title>
      <ScrollTable label={title}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t(rows.some((r) => r.route) ? 'route' : 'service')}</Table.Th>
              {heads.map((h) => (
                <Table.Th key={h} className={classes.number}>
                  {t(`column.${h}`)}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((r) => (
              <Table.Tr key={`${r.service} ${r.route}`}>
                <Table.Td>
                  <Link to={requestsOf({ range, service: r.service, ...(r.route && { route: r.route }), order: 'slowest' })} className={r.route ? classes.mono : undefined}>
                    {r.route || r.service}
                  </Link>
                  {r.route && (
                    <Text component="span" size="sm" c="dimmed">
                      {' '}
                      {r.service}
                    </Text>
                  )}
                </Table.Td>
                <Table.Td className={classes.number}>{f.count(r.requests)}</Table.Td>
                <Table.Td className={classes.number}>{f.fine(r.requests / minutes)}</Table.Td>
                <Table.Td className={classes.number} c={r.errors > 0 ? 'var(--mantine-color-error)' : undefined}>
                  {r.errors > 0 ? (
                    <Link
                      to={requestsOf({ range, service: r.service, ...(r.route && { route: r.route }), failed: 'true' })}
                      aria-label={t('failed_of', { share: f.percent(share(r.errors, r.requests)), of: r.route || r.service })}
                      className={classes.figure}
                    >
                      {f.percent(share(r.errors, r.requests))}
                    </Link>
                  ) : (
                    f.percent(0)
                  )}
                </Table.Td>
                <Table.Td className={classes.number}>{f.ms(r.latency.p50_ms)}</Table.Td>
                <Table.Td className={classes.number}>{f.ms(r.latency.p95_ms)}</Table.Td>
                <Table.Td className={classes.number}>{f.ms(r.latency.p99_ms)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </ScrollTable>
    </section>
  );
}

/** How it is now: the last step that is over, for the whole range is slow to tell of a change. */
function latelyOf({ series, step_seconds }: Overview, f: ReturnType<typeof useFigures>) {
  const last = series.at(-2) ?? series.at(-1);
  return { rate: f.fine(((last?.requests ?? 0) * 60) / step_seconds), time: f.span(step_seconds) };
}

function Shown({ data, service, range }: { data: Overview; service: string; range: Range }) {
  const { t } = useTranslation('ops');
  const f = useFigures();
  const minutes = (Date.parse(data.to) - Date.parse(data.from)) / 60_000;
  const of = data.services.find((s) => s.service === service);
  const failing = share(of?.errors ?? 0, of?.requests ?? 0);
  return (
    <Stack>
      <div className={classes.tiles}>
        <Tile label={t('requests_per_minute')} value={f.fine((of?.requests ?? 0) / minutes)} note={t('lately', latelyOf(data, f))} />
        <Tile label={t('column.error_rate')} value={f.percent(failing)} bad={failing >= 0.01} />
        <Tile label="p50" value={f.ms(of?.latency.p50_ms)} />
        <Tile label="p95" value={f.ms(of?.latency.p95_ms)} />
        <Tile label="p99" value={f.ms(of?.latency.p99_ms)} />
      </div>
      <Suspense fallback={<Skeleton height={260} />}>
        <Charts data={data} />
      </Suspense>
      <TrafficTable title={t('by_service')} rows={data.services} minutes={minutes} range={range} />
      <TrafficTable title={t('by_route')} rows={data.routes} minutes={minutes} range={range} />
    </Stack>
  );
}

/** Everything from outside passes the gateway: its requests are the market's. */
export function OverviewView({ range, every }: ViewProps) {
  const { t } = useTranslation('ops');
  const [params, setParams] = useSearchParams();
  const service = params.get('service') ?? 'gateway';
  const query = useQuery({
    queryKey: ['ops', 'overview', range, service],
    queryFn: () => got(ops.GET('/ops/overview', { params: { query: { from: since(range), service } } })),
    refetchInterval: every,
    placeholderData: (before) => before,
  });
  const names = [...new Set([service, ...(query.data?.services.map((s) => s.service) ?? [])])].sort();
  const choose = (name: string) =>
    setParams((now) => {
      const next = new URLSearchParams(now);
      next.set('service', name);
      return next;
    });
  return (
    <Stack>
      <NativeSelect label={t('service')} value={service} onChange={(e) => choose(e.currentTarget.value)} data={names} maw={240} />
      <Loaded query={query}>{(data) => <Shown data={data} service={service} range={range} />}</Loaded>
    </Stack>
  );
}
