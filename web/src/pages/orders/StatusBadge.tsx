import { Badge, Group } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Order } from '~/api/types';

const colors: Record<Order['status'], string> = {
  pending_payment: 'yellow.3',
  awaiting_requirements: 'yellow.3',
  in_progress: 'blue.9',
  delivered: 'grape.9',
  completed: 'teal.9',
  cancelled: 'gray.7',
};

export function StatusBadge({ order }: { order: Order }) {
  const { t } = useTranslation('orders');
  return (
    <Group gap={6}>
      <Badge color={colors[order.status]} autoContrast tt="none" size="lg">
        {t(`status.${order.status}`)}
      </Badge>
      {order.late && order.status !== 'completed' && order.status !== 'cancelled' && (
        <Badge color="red.9" tt="none" size="lg">
          {t('late')}
        </Badge>
      )}
    </Group>
  );
}
