import { Anchor } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

/** That an order of this gig waits to be paid, and the way to it. */
export function WaitingOrder({ id }: { id: string }) {
  const { t } = useTranslation();
  return (
    <>
      {t('waiting_order.is')}{' '}
      <Anchor component={Link} to={`/orders/${id}`} underline="always" inherit>
        {t('waiting_order.go')}
      </Anchor>
    </>
  );
}
