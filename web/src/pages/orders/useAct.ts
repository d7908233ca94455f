import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api, got } from '~/api/client';
import { keys } from '~/api/keys';
import { isStatus } from '~/api/problem';
import type { Order } from '~/api/types';

type Action =
  | { does: 'requirements'; body: { text: string; files: string[] } }
  | { does: 'deliver'; body: { message: string; files: string[] } }
  | { does: 'revision'; body: { message: string } }
  | { does: 'extension'; body: { days: number; reason: string } }
  | { does: 'cancel'; body: { reason: string } }
  | { does: 'accept' | 'cancel/approve' | 'cancel/reject' | 'extension/approve' | 'extension/reject'; body: Record<string, never> };

/** Does something with an order, on the state that is on the screen: if it has changed, it is shown anew. */
export function useAct(order: Order) {
  const client = useQueryClient();
  const { t } = useTranslation('orders');
  return async (action: Action): Promise<void> => {
    const params = {
      path: { id: order.id },
      header: { 'If-Match': `"${order.revision}"`, 'Idempotency-Key': crypto.randomUUID() },
    };
    try {
      // The paths differ in their last words alone; each body belongs to its path by the type above.
      const path = `/orders/{id}/${action.does}` as '/orders/{id}/accept';
      const changed = await got(api.POST(path, { params, body: action.body as Record<string, never> }));
      client.setQueryData(keys.order(order.id), changed);
      void client.invalidateQueries({ queryKey: ['orders'] });
    } catch (e) {
      if (isStatus(e, 412)) {
        await client.invalidateQueries({ queryKey: keys.order(order.id) });
        notifications.show({ color: 'yellow', title: t('changed_title'), message: t('changed_hint') });
      }
      throw e;
    }
  };
}
