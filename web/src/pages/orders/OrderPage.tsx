import { Anchor, Button, Card, Container, Divider, Group, Skeleton, Stack, Text, Timeline, Title } from '@mantine/core';
import '@mantine/core/styles/Timeline.css';
import { useQuery } from '@tanstack/react-query';
import { MessageSquare } from 'lucide-react';
import { Suspense, useEffect, useRef, type FocusEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { api, got } from '~/api/client';
import { keys } from '~/api/keys';
import { isStatus } from '~/api/problem';
import type { Order } from '~/api/types';
import { Face } from '~/components/Face';
import { FileList } from '~/components/FileList';
import { OneReview } from '~/components/OneReview';
import { PageTitle } from '~/components/PageTitle';
import { LoadError } from '~/components/states';
import { useFormats } from '~/i18n/format';
import { Component as NotFound } from '~/pages/NotFoundPage';
import { useAccount } from '~/session/session';
import { Actions } from './Actions';
import { StatusBadge } from './StatusBadge';
import classes from './Orders.module.css';

function Happened({ order }: { order: Order }) {
  const { t, i18n } = useTranslation('orders');
  const f = useFormats();
  const name = (type: string) => (i18n.exists(`orders:event.${type}`) ? t(`event.${type}`) : type.replaceAll('_', ' '));
  return (
    <Card withBorder padding="lg">
      <Title order={2} fz={20} mb="md">
        {t('timeline')}
      </Title>
      <Timeline active={order.timeline.length} bulletSize={14} lineWidth={2}>
        {order.timeline.map((entry) => (
          <Timeline.Item key={`${entry.type}${entry.at}`} title={name(entry.type)}>
            <Text size="sm" c="dimmed">
              {t(`side_name.${entry.by}`)} · {f.time(entry.at)}
            </Text>
          </Timeline.Item>
        ))}
      </Timeline>
    </Card>
  );
}

function Papers({ order }: { order: Order }) {
  const { t } = useTranslation('orders');
  const f = useFormats();
  const revisions = order.revision_requests ?? [];
  if (!order.requirements && order.deliveries.length === 0) return null;
  return (
    <Card withBorder padding="lg">
      <Stack>
        {order.requirements && (
          <section>
            <Title order={2} fz={20} mb={6}>
              {t('requirements.title')}
            </Title>
            <Text className="pre">{order.requirements.text}</Text>
            <FileList ids={order.requirements.files} />
          </section>
        )}
        {order.deliveries.map((delivery, index) => (
          <section key={delivery.id}>
            <Divider mb="md" />
            <Title order={2} fz={20} mb={6}>
              {t('delivery', { at: index + 1 })}
            </Title>
            <Text size="sm" c="dimmed">
              {f.time(delivery.created_at)}
            </Text>
            <Text className="pre">{delivery.message}</Text>
            <FileList ids={delivery.files} />
            {revisions[index] && (
              <Text mt="sm" className="pre">
                <strong>{t('event.revision_requested')}:</strong> {revisions[index].message}
              </Text>
            )}
          </section>
        ))}
      </Stack>
    </Card>
  );
}

/** What both said, as soon as it may be seen. */
function Said({ order }: { order: Order }) {
  const { t } = useTranslation('orders');
  const reviews = useQuery({
    queryKey: keys.orderReviews(order.id),
    queryFn: () => got(api.GET('/orders/{id}/reviews', { params: { path: { id: order.id } } })),
    enabled: order.status === 'completed',
  });
  const all = reviews.data?.items ?? [];
  if (all.length === 0) return null;
  return (
    <section aria-labelledby="reviews">
      <Title order={2} fz={20} mb="sm" id="reviews">
        {t('reviews')}
      </Title>
      <Stack gap="sm">
        {all.map((review) => (
          <OneReview key={review.id} review={review} />
        ))}
      </Stack>
    </section>
  );
}

function Facts({ order, side }: { order: Order; side: 'buyer' | 'seller' }) {
  const { t } = useTranslation('orders');
  const f = useFormats();
  const other = side === 'buyer' ? order.seller : order.buyer;
  const lines: [string, string][] = [
    [t('checkout.price'), f.money(order.price)],
    ...(side === 'buyer' ? ([[t('checkout.fee'), f.money(order.fee)], [t('checkout.total'), f.money(order.total)]] as [string, string][]) : []),
    ...(order.quantity > 1 ? ([[t('checkout.quantity'), String(order.quantity)]] as [string, string][]) : []),
    ...(order.due_at ? ([[t('due_at'), f.time(order.due_at)]] as [string, string][]) : []),
    [t('revisions_left'), String(order.revisions_left)],
    [t('placed'), f.time(order.created_at)],
  ];
  return (
    <Card withBorder padding="lg" component="aside" aria-label={t('facts')}>
      <Stack>
        <Group wrap="nowrap">
          <Face name={other.username} avatar={other.avatar} size={44} />
          <div>
            <Text size="sm" c="dimmed">
              {t(side === 'buyer' ? 'side_name.seller' : 'side_name.buyer')}
            </Text>
            <Text fw={600}>{other.username}</Text>
          </div>
        </Group>
        <Button component={Link} to={`/conversations?with=${encodeURIComponent(other.username)}`} variant="default" leftSection={<MessageSquare size={16} aria-hidden />}>
          {t('write', { name: other.username })}
        </Button>
        <Divider />
        {lines.map(([label, value]) => (
          <Group key={label} justify="space-between" wrap="nowrap" align="flex-start">
            <Text size="sm" c="dimmed">
              {label}
            </Text>
            <Text size="sm" ta="right">
              {value}
            </Text>
          </Group>
        ))}
      </Stack>
    </Card>
  );
}

/**
 * Who has just done something (or had it done by the other side) finds what they pressed gone: the focus goes to what is
 * next then, and stays wherever else it is.
 */
function useFocusOn(state: string) {
  const inside = useRef(false);
  useEffect(() => {
    if (inside.current && document.activeElement === document.body) document.getElementById('next')?.focus();
  }, [state]);
  return {
    onFocus: () => (inside.current = true),
    // A button that is gone or busy has not been left by the person.
    onBlur: ({ target }: FocusEvent) => (inside.current = !target.isConnected || target.matches(':disabled')),
  };
}

function Content({ order }: { order: Order }) {
  const { t } = useTranslation('orders');
  const account = useAccount();
  const side = order.seller.id === account.id ? 'seller' : 'buyer';
  const focus = useFocusOn(`${order.revision} ${Boolean(order.reviews[side])}`);
  const title = order.gig_title ?? t('order_of', { name: order.seller.username });
  return (
    <Stack>
      <div>
        <Anchor component={Link} to={`/orders?role=${side}`} size="sm">
          {t('title')}
        </Anchor>
        <Group mt={4}>
          <PageTitle tab={title}>{title}</PageTitle>
          <StatusBadge order={order} />
        </Group>
      </div>
      <div className={classes.columns}>
        <Stack>
          {/* Not by the revision: what the other side does meanwhile must not take away what is being written. */}
          <div {...focus}>
            <Actions order={order} side={side} key={order.status} />
          </div>
          <Papers order={order} />
          <Said order={order} />
          <Happened order={order} />
        </Stack>
        <Facts order={order} side={side} />
      </div>
    </Stack>
  );
}

function Page() {
  const { id = '' } = useParams();
  const order = useQuery({
    queryKey: keys.order(id),
    queryFn: () => got(api.GET('/orders/{id}', { params: { path: { id } } })),
    refetchInterval: 30_000,
  });
  if (isStatus(order.error, 404)) return <NotFound />;
  return (
    <Container size="xl" py="lg">
      {order.isPending && <Skeleton height={420} />}
      {order.error && !order.data && <LoadError error={order.error} retry={() => void order.refetch()} />}
      {order.data && <Content order={order.data} />}
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
