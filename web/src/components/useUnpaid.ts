import { useQuery } from '@tanstack/react-query';
import { api, got } from '~/api/client';
import { keys } from '~/api/keys';

/** The orders that the person has made and not paid yet: an hour's at most, so there are few. */
export function useUnpaid(enabled: boolean) {
  const { data } = useQuery({
    queryKey: keys.unpaidOrders,
    enabled,
    queryFn: async () => (await got(api.GET('/orders', { params: { query: { role: 'buyer', status: 'pending_payment', limit: 100 } } }))).items,
  });
  return data ?? [];
}
