import { Button, Container, Group, NativeSelect, SegmentedControl, Stack, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { PackageOpen } from 'lucide-react';
import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { api, got } from '~/api/client';
import { keys } from '~/api/keys';
import type { Order } from '~/api/types';
import { Face } from '~/components/Face';
import { PagedList } from '~/components/PagedList';
import { PageTitle } from '~/components/PageTitle';
import { Empty } from '~/components/states';
import { useFormats } from '~/i18n/format';
import { StatusBadge } from './StatusBadge';
import classes from './Orders.module.css';

const statuses = ['pending_payment', 'awaiting_requirements', 'in_progress', 'delivered', 'completed', 'cancelled'] as const;

function Row({ order, role }: { order: Order; role: 'buyer' | 'seller' }) {
  const { t } = useTranslation('orders');
  const f = useFormats();
  const other = role === 'buyer' ? order.seller : order.buyer;
  const open = order.status === 'in_progress' || order.status === 'delivered';
  return (
    <li>
      <Link to={`/orders/${order.id}`} className={classes.row}>
        <Face name={other.username} avatar={other.avatar} />
        <span className={classes.grow}>
          <Text component="span" fw={600} display="block">
            {order.gig_title ?? t('order_of', { name: other.username })}
          </Text>
          <Text component="span" size="sm" c="dimmed">
            {other.username} · {f.day(order.created_at)}
            {open && order.due_at && ` · ${t('due', { when: f.day(order.due_at) })}`}
          </Text>
        </span>
        <StatusBadge order={order} />
        <Text component="span" fw={700}>
          {f.money(role === 'buyer' ? order.total : order.price)}
        </Text>
      </Link>
    </li>
  );
}

function Page() {
  const { t } = useTranslation('orders');
  const [params, setParams] = useSearchParams();
  const role = params.get('role') === 'seller' ? 'seller' : 'buyer';
  const status = statuses.find((s) => s === params.get('status'));
  const orders = useInfiniteQuery({
    queryKey: keys.orders(role, status ?? ''),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => got(api.GET('/orders', { params: { query: { role, status, limit: 20, cursor: pageParam } } })),
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
  const set = (name: string, value: string) =>
    setParams((now) => {
      const next = new URLSearchParams(now);
      if (value) next.set(name, value);
      else next.delete(name);
      return next;
    });
  return (
    <Container size="lg" py="lg">
      <Stack>
        <PageTitle>{t('title')}</PageTitle>
        <Group justify="space-between" align="flex-end">
          <SegmentedControl
            aria-label={t('side')}
            value={role}
            onChange={(value) => set('role', value)}
            data={[
              { value: 'buyer', label: t('as_buyer') },
              { value: 'seller', label: t('as_seller') },
            ]}
          />
          <NativeSelect
            label={t('state')}
            value={status ?? ''}
            onChange={(e) => set('status', e.currentTarget.value)}
            data={[{ value: '', label: t('all') }, ...statuses.map((s) => ({ value: s, label: t(`status.${s}`) }))]}
          />
        </Group>
        <PagedList
          query={orders}
          className={classes.list}
          empty={
            <Empty icon={<PackageOpen size={40} aria-hidden />} title={t(role === 'buyer' ? 'none_bought' : 'none_sold')}>
              <Button component={Link} to={role === 'buyer' ? '/search' : '/selling/gigs'}>
                {t(role === 'buyer' ? 'find' : 'to_gigs')}
              </Button>
            </Empty>
          }
        >
          {(order) => <Row key={order.id} order={order} role={role} />}
        </PagedList>
      </Stack>
    </Container>
  );
}

export function Component() {
  return (
    <Suspense>
      <Page />
    </Suspense>
  );
}
