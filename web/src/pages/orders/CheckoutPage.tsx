import { Alert, Anchor, Card, Container, Divider, Group, NumberInput, Skeleton, Stack, Text, Title } from '@mantine/core';
import '@mantine/core/styles/NumberInput.css';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Suspense, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Navigate, useNavigate, useSearchParams } from 'react-router';
import { api, got } from '~/api/client';
import { keys } from '~/api/keys';
import { ApiError, isStatus } from '~/api/problem';
import type { Money, Offer, Order } from '~/api/types';
import { PageTitle } from '~/components/PageTitle';
import { LoadError } from '~/components/states';
import { useUnpaid } from '~/components/useUnpaid';
import { WaitingOrder } from '~/components/WaitingOrder';
import { useFormats } from '~/i18n/format';
import { Component as NotFound } from '~/pages/NotFoundPage';
import { buyersFee } from './fee';
import { PayForm } from './PayForm';
import classes from './Orders.module.css';

interface Subject {
  title: string;
  gigId: string;
  price: Money;
  days: number;
  what: { gig_id: string; package: 'basic' | 'standard' | 'premium'; gig_revision: number } | { offer_id: string };
}

interface Found {
  subject?: Subject;
  /** What was the offer is this order already. */
  order?: string;
  error: unknown;
  missing: boolean;
  retry: () => void;
}

const closed = () => new ApiError({ title: 'Offer closed', status: 409, code: 'offer_closed' });

function ofOffer(o: Offer): Pick<Found, 'subject' | 'order' | 'error'> {
  if (o.order_id) return { order: o.order_id, error: null };
  if (o.status !== 'open') return { error: closed() };
  return { subject: { title: o.title, gigId: o.gig_id, price: o.price, days: o.delivery_days, what: { offer_id: o.id } }, error: null };
}

function useSubject(): Found {
  const [params] = useSearchParams();
  const gigId = params.get('gig') ?? '';
  const offerId = params.get('offer') ?? '';
  const gig = useQuery({
    queryKey: keys.gig(gigId),
    enabled: gigId !== '',
    queryFn: () => got(api.GET('/gigs/{id}', { params: { path: { id: gigId } } })),
  });
  const offer = useQuery({
    queryKey: keys.offer(offerId),
    enabled: offerId !== '',
    // What the order of this very page makes of it must not take the page away.
    gcTime: 0,
    staleTime: Infinity,
    queryFn: () => got(api.GET('/offers/{id}', { params: { path: { id: offerId } } })),
  });
  const retry = () => void (gigId ? gig.refetch() : offer.refetch());
  if (offer.data) return { ...ofOffer(offer.data), missing: false, retry };
  const chosen = gig.data?.packages.find((p) => p.name === params.get('package')) ?? gig.data?.packages[0];
  if (gig.data && chosen) {
    const what = { gig_id: gig.data.id, package: chosen.name, gig_revision: gig.data.revision };
    return { subject: { title: gig.data.title, gigId: gig.data.id, price: chosen.price, days: chosen.delivery_days, what }, error: null, missing: false, retry };
  }
  return { error: gig.error ?? offer.error, missing: (!gigId && !offerId) || isStatus(offer.error, 404), retry };
}

function Line({ label, amount, strong }: { label: string; amount: string; strong?: boolean }) {
  return (
    <Group justify="space-between">
      <Text fw={strong ? 700 : 400}>{label}</Text>
      <Text fw={strong ? 700 : 400}>{amount}</Text>
    </Group>
  );
}

function Checkout({ subject }: { subject: Subject }) {
  const { t } = useTranslation('orders');
  const f = useFormats();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [quantity, setQuantity] = useState(1);
  // One order per intention, however often the card is tried; another quantity is another intention.
  const intention = useRef({ key: crypto.randomUUID(), quantity: 1, order: '' });
  const [placed, setPlaced] = useState('');
  const fromGig = 'gig_id' in subject.what;
  const waiting = useUnpaid(fromGig).find((o) => o.gig_id === subject.gigId && o.id !== placed && !o.offer_id);
  const price = { ...subject.price, amount: subject.price.amount * quantity };
  const fee = buyersFee(price);
  const total = { ...price, amount: price.amount + fee.amount };

  const order = async () => {
    const now = intention.current;
    if (now.quantity !== quantity) intention.current = { key: crypto.randomUUID(), quantity, order: '' };
    if (intention.current.order) return intention.current.order;
    const { data } = await api.POST('/orders', {
      params: { header: { 'Idempotency-Key': intention.current.key } },
      body: { ...subject.what, ...(fromGig ? { quantity } : {}), expected_total: total.amount },
    });
    intention.current.order = (data as Order).id;
    setPlaced(intention.current.order);
    return intention.current.order;
  };
  const paid = (o: Order) => {
    client.setQueryData(keys.order(o.id), o);
    void client.invalidateQueries({ queryKey: ['orders'] });
    void navigate(`/orders/${o.id}`, { replace: true });
  };

  return (
    <div className={classes.checkout}>
      <Card withBorder padding="lg">
        <Title order={2} fz={20} mb="md">
          {t('checkout.payment')}
        </Title>
        {waiting && !placed && (
          <Alert mb="md">
            <WaitingOrder id={waiting.id} />
          </Alert>
        )}
        <PayForm total={total} order={order} paid={paid} />
        {placed && (
          <Text size="sm" mt="md">
            {t('checkout.kept')}{' '}
            <Anchor component={Link} to={`/orders/${placed}`} underline="always">
              {t('checkout.pay_later')}
            </Anchor>
          </Text>
        )}
      </Card>
      <Card withBorder padding="lg" component="aside" aria-label={t('checkout.summary')} className={classes.summary}>
        <Stack>
          <Title order={2} fz={20}>
            {t('checkout.summary')}
          </Title>
          <Text component={Link} to={`/gigs/${subject.gigId}`} className="plain" fw={500}>
            {subject.title}
          </Text>
          {fromGig && <NumberInput label={t('checkout.quantity')} min={1} max={20} clampBehavior="strict" allowDecimal={false} value={quantity} onChange={(v) => setQuantity(Number(v) || 1)} maw={140} />}
          <Text size="sm" c="dimmed">
            {t('checkout.delivery', { count: subject.days })}
          </Text>
          <Divider />
          <Line label={t('checkout.price')} amount={f.money(price)} />
          <Line label={t('checkout.fee')} amount={f.money(fee)} />
          <Divider />
          <Line label={t('checkout.total')} amount={f.money(total)} strong />
          <Text size="sm" c="dimmed">
            {t('checkout.refund')}
          </Text>
        </Stack>
      </Card>
    </div>
  );
}

function Page() {
  const { t } = useTranslation('orders');
  const { subject, order, error, missing, retry } = useSubject();
  if (missing) return <NotFound />;
  if (order) return <Navigate to={`/orders/${order}`} replace />;
  return (
    <Container size="lg" py="lg">
      <PageTitle mb="lg">{t('checkout.title')}</PageTitle>
      {error ? <LoadError error={error} retry={retry} /> : subject ? <Checkout subject={subject} /> : <Skeleton height={360} />}
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
