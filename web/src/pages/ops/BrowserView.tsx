import { Badge, Card, Group, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { got } from '~/api/client';
import { ErrorRows } from './ErrorRows';
import { Loaded } from './Loaded';
import type { ViewProps } from './OpsPage';
import { ScrollTable } from './ScrollTable';
import { ops, ratingOf, since, type Browser } from './data';
import { useFigures } from './useFigures';
import classes from './Ops.module.css';

const colors = { good: 'teal.9', fair: 'yellow.9', poor: 'red.9' };

function Vital({ vital }: { vital: Browser['vitals'][number] }) {
  const { t } = useTranslation('ops');
  const f = useFigures();
  const rating = vital.p75 === null ? null : ratingOf(vital.name, vital.p75);
  return (
    <Card withBorder padding="md">
      <Group justify="space-between" gap={4}>
        <Text size="sm" fw={600}>
          {vital.name.toUpperCase()}
        </Text>
        {rating && (
          <Badge color={colors[rating]} radius="sm" size="sm">
            {t(`rating.${rating}`)}
          </Badge>
        )}
      </Group>
      <Text fz={24} fw={800}>
        {vital.p75 === null ? '–' : vital.name === 'cls' ? f.fine(vital.p75) : f.ms(vital.p75)}
      </Text>
      <Text size="sm" c="dimmed">
        {t(`vital.${vital.name}`)}
      </Text>
      <Text size="sm" c="dimmed">
        {t('measured', { count: vital.count })}
      </Text>
    </Card>
  );
}

function Pages({ pages }: { pages: Browser['pages'] }) {
  const { t } = useTranslation('ops');
  const f = useFigures();
  return (
    <ScrollTable label={t('pages')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('column.page')}</Table.Th>
            <Table.Th className={classes.number}>{t('column.loads')}</Table.Th>
            <Table.Th className={classes.number}>{t('column.load_time')}</Table.Th>
            <Table.Th className={classes.number}>LCP</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {pages.map((p) => (
            <Table.Tr key={p.page}>
              <Table.Td className={classes.mono}>{p.page}</Table.Td>
              <Table.Td className={classes.number}>{f.count(p.loads)}</Table.Td>
              <Table.Td className={classes.number}>{f.ms(p.load_p75_ms)}</Table.Td>
              <Table.Td className={classes.number}>{f.ms(p.lcp_p75_ms)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </ScrollTable>
  );
}

export function BrowserView({ range, every }: ViewProps) {
  const { t } = useTranslation('ops');
  const query = useQuery({
    queryKey: ['ops', 'browser', range],
    queryFn: () => got(ops.GET('/ops/browser', { params: { query: { from: since(range) } } })),
    refetchInterval: every,
    placeholderData: (before) => before,
  });
  return (
    <Loaded query={query}>
      {(data) => (
        <Stack>
          <Text c="dimmed">{t('p75_hint', { count: data.loads })}</Text>
          <div className={classes.tiles}>
            {data.vitals.map((v) => (
              <Vital key={v.name} vital={v} />
            ))}
          </div>
          <Title order={2} fz={18}>
            {t('pages')}
          </Title>
          {data.pages.length > 0 ? <Pages pages={data.pages} /> : <Text c="dimmed">{t('no_pages')}</Text>}
          <Title order={2} fz={18}>
            {t('browser_errors')}
          </Title>
          {data.errors.length > 0 ? <ErrorRows groups={data.errors} label={t('browser_errors')} /> : <Text c="dimmed">{t('no_errors')}</Text>}
        </Stack>
      )}
    </Loaded>
  );
}
