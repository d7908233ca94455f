import { useQuery } from '@tanstack/react-query';
import { api, got } from '~/api/client';
import { keys } from '~/api/keys';

export function useOwnProfile() {
  return useQuery({ queryKey: keys.profile, queryFn: () => got(api.GET('/users/me')) });
}
