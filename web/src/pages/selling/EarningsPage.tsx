import { Button, Card, Container, Skeleton, Stack, Table, Text } from '@mantine/core';
import '@mantine/core/styles/Table.css';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Wallet } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api, got } from '~/api/client';
import { keys } from '~/api/keys';
import { PageTitle } from '~/components/PageTitle';
import { SellersOnly } from '~/components/SellersOnly';
import { Empty, LoadError } from '~/components/states';
import { useFormats } from '~/i18n/format';
import classes from './Selling.module.css';

const EarningsChart = lazy(() => import('./EarningsChart'));

function Sums() {
  const { t, i18n } = useTranslation('selling');
  const f = useFormats();
  const earnings = useInfiniteQuery({
    queryKey: keys.earnings,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => got(api.GET('/earnings', { params: { query: { limit: 50, cursor: pageParam } } })),
    getNextPageParam: (last) => last.entries.next_cursor ?? undefined,
  });
  const first = earnings.data?.pages[0];
  const entries = earnings.data?.pages.flatMap((p) => p.entries.items) ?? [];
  const kind = (name: string) => (i18n.exists(`selling:entry.${name}`) ? t(`entry.${name}`) : name);
  return (
    <Container size="lg" py="lg">
      <Stack>
        <PageTitle>{t('earnings')}</PageTitle>
        {earnings.isPending && <Skeleton height={240} />}
        {earnings.error && !first && <LoadError error={earnings.error} retry={() => void earnings.refetch()} />}
        {first && (
          <div className={classes.sums}>
            <Card withBorder padding="lg">
              <Text c="dimmed">{t('available')}</Text>
              <Text fz={30} fw={800}>
                {f.money(first.available)}
              </Text>
            </Card>
            <Card withBorder padding="lg">
              <Text c="dimmed">{t('pending')}</Text>
              <Text fz={30} fw={800}>
                {f.money(first.pending)}
              </Text>
            </Card>
          </div>
        )}
        {entries.length > 1 && (
          <Suspense fallback={<Skeleton height={220} />}>
            <EarningsChart entries={entries} />
          </Suspense>
        )}
        {first && entries.length === 0 && <Empty icon={<Wallet size={40} aria-hidden />} title={t('no_entries')} />}
        {entries.length > 0 && (
          <Table.ScrollContainer minWidth={320}>
            <Table verticalSpacing="sm">
              <Table.Caption>{t('fee_note')}</Table.Caption>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t('when')}</Table.Th>
                  <Table.Th>{t('what')}</Table.Th>
                  <Table.Th ta="right">{t('amount')}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {entries.map((entry) => (
                  <Table.Tr key={entry.id}>
                    <Table.Td>{f.day(entry.at)}</Table.Td>
                    <Table.Td>
                      <Link to={`/orders/${entry.order_id}`}>{kind(entry.kind)}</Link>
                    </Table.Td>
                    <Table.Td ta="right">{f.money(entry.amount)}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
        {earnings.hasNextPage && (
          <Button variant="default" mx="auto" loading={earnings.isFetchingNextPage} onClick={() => void earnings.fetchNextPage()}>
            {t('common:action.more')}
          </Button>
        )}
      </Stack>
    </Container>
  );
}

function Page() {
  const { t } = useTranslation('selling');
  return (
    <SellersOnly title={t('earnings')}>
      <Sums />
    </SellersOnly>
  );
}

export function Component() {
  return (
    <Suspense>
      <Page />
    </Suspense>
  );
}
