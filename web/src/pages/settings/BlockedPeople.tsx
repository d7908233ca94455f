import { Card, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api, got } from '~/api/client';
import { keys } from '~/api/keys';
import { Face } from '~/components/Face';
import { LoadError } from '~/components/states';
import { ActButton } from '~/pages/orders/ActionForms';

export function BlockedPeople() {
  const { t } = useTranslation('settings');
  const client = useQueryClient();
  const blocked = useQuery({ queryKey: keys.blocks, queryFn: async () => (await got(api.GET('/users/me/blocks', { params: { query: { limit: 100 } } }))).items });
  if (blocked.isPending) return <Skeleton height={120} />;
  if (blocked.error && !blocked.data) return <LoadError error={blocked.error} retry={() => void blocked.refetch()} />;
  const undo = (username: string) => async () => {
    await api.DELETE('/users/me/blocks/{username}', { params: { path: { username } } });
    await client.invalidateQueries({ queryKey: keys.blocks });
    void client.invalidateQueries({ queryKey: keys.conversations });
  };
  if (blocked.data?.length === 0) return <Text c="dimmed">{t('nobody_blocked')}</Text>;
  return (
    <Stack>
      {blocked.data?.map((b) => (
        <Card key={b.id} withBorder padding="sm">
          <Group>
            <Face name={b.username} avatar={b.avatar} />
            <Text flex={1}>{b.username}</Text>
            <ActButton variant="default" act={undo(b.username)}>
              {t('unblock')}
            </ActButton>
          </Group>
        </Card>
      ))}
    </Stack>
  );
}
