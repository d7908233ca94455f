import { Alert, Card, Group, Stack, Text, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { keys } from '~/api/keys';
import type { Order } from '~/api/types';
import { useFormats } from '~/i18n/format';
import { ActButton, AskButton, TextForm } from './ActionForms';
import { PayForm } from './PayForm';
import { ReviewForm } from './ReviewForm';
import { useAct } from './useAct';

type Side = 'buyer' | 'seller';

function Asked({ order, side }: { order: Order; side: Side }) {
  const { t } = useTranslation('orders');
  const act = useAct(order);
  const extension = order.extension?.status === 'open' ? order.extension : null;
  const cancellation = order.cancellation?.status === 'open' ? order.cancellation : null;
  return (
    <>
      {extension && (
        <Alert color="yellow" title={t('extension.asked', { count: extension.days })}>
          <Stack gap="sm">
            <Text>{extension.reason}</Text>
            {side === 'buyer' ? (
              <Group>
                <ActButton act={() => act({ does: 'extension/approve', body: {} })}>{t('extension.approve')}</ActButton>
                <ActButton variant="default" act={() => act({ does: 'extension/reject', body: {} })}>
                  {t('extension.reject')}
                </ActButton>
              </Group>
            ) : (
              <Text size="sm">{t('waits_for_answer')}</Text>
            )}
          </Stack>
        </Alert>
      )}
      {cancellation && (
        <Alert color="yellow" title={t('cancel.asked', { by: t(`side_name.${cancellation.by}`) })}>
          <Stack gap="sm">
            <Text>{cancellation.reason}</Text>
            {cancellation.by !== side ? (
              <Group>
                <ActButton act={() => act({ does: 'cancel/approve', body: {} })}>{t('cancel.approve')}</ActButton>
                <ActButton variant="default" act={() => act({ does: 'cancel/reject', body: {} })}>
                  {t('cancel.reject')}
                </ActButton>
              </Group>
            ) : (
              <Text size="sm">{t('waits_for_answer')}</Text>
            )}
          </Stack>
        </Alert>
      )}
    </>
  );
}

function Delivered({ order }: { order: Order }) {
  const { t } = useTranslation('orders');
  const act = useAct(order);
  return (
    <Stack>
      <Text>{t('delivered.hint')}</Text>
      <Group align="flex-start">
        <ActButton act={() => act({ does: 'accept', body: {} })}>{t('delivered.accept')}</ActButton>
        {order.revisions_left > 0 && (
          <AskButton title={t('delivered.revise')} label={t('delivered.what')} button={t('delivered.ask')} field="message" send={(message) => act({ does: 'revision', body: { message } })}>
            {t('delivered.revisions', { count: order.revisions_left })}
          </AskButton>
        )}
      </Group>
    </Stack>
  );
}

function Work({ order, side }: { order: Order; side: Side }) {
  const { t } = useTranslation('orders');
  const f = useFormats();
  const act = useAct(order);
  const deliver = <TextForm label={t('deliver.message')} hint={t('deliver.hint')} button={t('deliver.send')} field="message" withFiles send={(message, files) => act({ does: 'deliver', body: { message, files } })} />;
  if (order.status === 'awaiting_requirements') {
    if (side === 'seller') return <Text>{t('requirements.waits')}</Text>;
    return <TextForm label={t('requirements.label')} hint={t('requirements.hint')} button={t('requirements.send')} field="text" withFiles send={(text, files) => act({ does: 'requirements', body: { text, files } })} />;
  }
  if (order.status === 'in_progress') {
    const due = order.due_at ? f.time(order.due_at) : '';
    return side === 'buyer' ? (
      <Text>{t(order.late ? 'progress.late' : 'progress.buyer', { due })}</Text>
    ) : (
      <Stack>
        <Text>{t(order.late ? 'progress.late' : 'progress.seller', { due })}</Text>
        {deliver}
        {order.extension?.status !== 'open' && (
          <Group>
            <AskButton title={t('extension.title')} label={t('extension.reason')} button={t('extension.send')} field="reason" withDays send={(reason, _files, days) => act({ does: 'extension', body: { days, reason } })}>
              {t('extension.title')}
            </AskButton>
          </Group>
        )}
      </Stack>
    );
  }
  if (order.status === 'delivered') return side === 'buyer' ? <Delivered order={order} /> : <Text>{t('delivered.waits')}</Text>;
  return null;
}

/** What this person can do now, the most likely first. */
export function Actions({ order, side }: { order: Order; side: Side }) {
  const { t } = useTranslation('orders');
  const act = useAct(order);
  const client = useQueryClient();
  const cancellable = order.status !== 'completed' && order.status !== 'cancelled' && order.cancellation?.status !== 'open';
  const other = side === 'buyer' ? order.seller.username : order.buyer.username;
  const reviewed = Boolean(order.reviews[side]);
  const paying = order.status === 'pending_payment' && side === 'buyer';
  return (
    <Card withBorder padding="lg">
      <Stack>
        <Title order={2} fz={20} id="next" tabIndex={-1}>
          {t('next')}
        </Title>
        <Asked order={order} side={side} />
        {paying && (
          <PayForm
            total={order.total}
            order={() => Promise.resolve(order.id)}
            paid={(o) => {
              client.setQueryData(keys.order(o.id), o);
              void client.invalidateQueries({ queryKey: ['orders'] });
            }}
          />
        )}
        {order.status === 'pending_payment' && side === 'seller' && <Text>{t('pay.waits')}</Text>}
        <Work order={order} side={side} />
        {order.status === 'completed' && !reviewed && <ReviewForm order={order} side={side} about={other} />}
        {order.status === 'completed' && reviewed && <Text>{t('review.done')}</Text>}
        {order.status === 'cancelled' && <Text>{t('cancel.done')}</Text>}
        {cancellable && (
          <Group>
            <AskButton danger title={t('cancel.title')} label={t('cancel.reason')} hint={t('cancel.hint')} button={t('cancel.send')} field="reason" send={(reason) => act({ does: 'cancel', body: { reason } })}>
              {t('cancel.title')}
            </AskButton>
          </Group>
        )}
      </Stack>
    </Card>
  );
}
