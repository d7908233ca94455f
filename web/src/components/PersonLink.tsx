import { Anchor, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { api, got } from '~/api/client';
import { keys } from '~/api/keys';

/** Somebody's name; it leads to their page if they sell, since only sellers have one. */
export function PersonLink({ username }: { username: string }) {
  const profile = useQuery({
    queryKey: keys.person(username),
    staleTime: 300_000,
    queryFn: () => got(api.GET('/users/{username}', { params: { path: { username } } })),
  });
  if (!profile.data?.is_seller) {
    return (
      <Text component="span" fw={600}>
        {username}
      </Text>
    );
  }
  return (
    <Anchor component={Link} to={`/sellers/${username}`} fw={600}>
      {username}
    </Anchor>
  );
}
