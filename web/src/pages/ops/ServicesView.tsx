import { Badge, Stack, Table, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { got } from '~/api/client';
import { useFormats } from '~/i18n/format';
import { Loaded } from './Loaded';
import type { ViewProps } from './OpsPage';
import { ScrollTable } from './ScrollTable';
import { ServiceGraph } from './ServiceGraph';
import { ops, share, since, type Range, type ServiceMap } from './data';
import { useFigures } from './useFigures';
import classes from './Ops.module.css';

const colors = { ok: 'teal.9', unavailable: 'red.9', unreachable: 'red.9', unknown: 'gray.7' };

function Services({ map, range }: { map: ServiceMap; range: Range }) {
  const { t } = useTranslation('ops');
  const f = useFigures();
  const { ago } = useFormats();
  return (
    <ScrollTable label={t('view.services')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('service')}</Table.Th>
            <Table.Th>{t('health')}</Table.Th>
            <Table.Th className={classes.number}>{t('column.work')}</Table.Th>
            <Table.Th className={classes.number}>{t('column.error_rate')}</Table.Th>
            <Table.Th className={classes.number}>{t('column.p95')}</Table.Th>
            <Table.Th>{t('column.last')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {map.services.map((s) => (
            <Table.Tr key={s.service}>
              <Table.Td>
                <Link to={s.service === 'web' ? `/ops/browser?range=${range}` : `/ops?range=${range}&service=${s.service}`}>{s.service}</Link>
              </Table.Td>
              <Table.Td>
                <Badge color={colors[s.health]} radius="sm">
                  {t(`state.${s.health}`)}
                </Badge>
              </Table.Td>
              <Table.Td className={classes.number}>{f.count(s.requests)}</Table.Td>
              <Table.Td className={classes.number} c={s.errors > 0 ? 'var(--mantine-color-error)' : undefined}>
                {s.errors > 0 ? (
                  <Link to={`/ops/errors?range=${range}&service=${s.service}`} aria-label={t('failed_of', { share: f.percent(share(s.errors, s.requests)), of: s.service })} className={classes.figure}>
                    {f.percent(share(s.errors, s.requests))}
                  </Link>
                ) : (
                  f.percent(0)
                )}
              </Table.Td>
              <Table.Td className={classes.number}>{f.ms(s.latency.p95_ms)}</Table.Td>
              <Table.Td>{s.last_at ? ago(s.last_at) : '–'}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </ScrollTable>
  );
}

function Dependencies({ map }: { map: ServiceMap }) {
  const { t } = useTranslation('ops');
  const f = useFigures();
  return (
    <ScrollTable label={t('dependencies')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('column.from')}</Table.Th>
            <Table.Th>{t('column.to')}</Table.Th>
            <Table.Th>{t('column.type')}</Table.Th>
            <Table.Th className={classes.number}>{t('column.calls')}</Table.Th>
            <Table.Th className={classes.number}>{t('column.error_rate')}</Table.Th>
            <Table.Th className={classes.number}>{t('column.p95')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {map.dependencies.map((d) => (
            <Table.Tr key={`${d.from} ${d.to}`}>
              <Table.Td>{d.from}</Table.Td>
              <Table.Td>{d.to}</Table.Td>
              <Table.Td>{d.type}</Table.Td>
              <Table.Td className={classes.number}>{f.count(d.calls)}</Table.Td>
              <Table.Td className={classes.number} c={d.errors > 0 ? 'var(--mantine-color-error)' : undefined}>
                {f.percent(share(d.errors, d.calls))}
              </Table.Td>
              <Table.Td className={classes.number}>{f.ms(d.latency.p95_ms)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </ScrollTable>
  );
}

export function ServicesView({ range, every }: ViewProps) {
  const { t } = useTranslation('ops');
  const query = useQuery({
    queryKey: ['ops', 'services', range],
    queryFn: () => got(ops.GET('/ops/services', { params: { query: { from: since(range) } } })),
    refetchInterval: every,
    placeholderData: (before) => before,
  });
  return (
    <Loaded query={query}>
      {(map) => (
        <Stack>
          <ServiceGraph map={map} />
          <Title order={2} fz={18}>
            {t('view.services')}
          </Title>
          <Services map={map} range={range} />
          {map.dependencies.length > 0 && (
            <>
              <Title order={2} fz={18}>
                {t('dependencies')}
              </Title>
              <Dependencies map={map} />
            </>
          )}
        </Stack>
      )}
    </Loaded>
  );
}
