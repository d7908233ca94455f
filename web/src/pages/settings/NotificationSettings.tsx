import { Checkbox, Skeleton, Stack, Table, Text } from '@mantine/core';
import '@mantine/core/styles/Checkbox.css';
import '@mantine/core/styles/Table.css';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api, got } from '~/api/client';
import { keys } from '~/api/keys';
import type { OwnProfile } from '~/api/types';
import { LoadError, useProblemText } from '~/components/states';
import { useOwnProfile } from '~/components/useOwnProfile';

type Ways = OwnProfile['notifications'];
const ways = ['email', 'live'] as const;

function Form({ profile }: { profile: OwnProfile }) {
  const { t, i18n } = useTranslation('settings');
  const client = useQueryClient();
  const say = useProblemText();
  const change = useMutation({
    mutationFn: (wanted: Ways) => got(api.PATCH('/users/me', { body: { notifications: wanted } })),
    onMutate: (wanted) => {
      const before = client.getQueryData<OwnProfile>(keys.profile);
      client.setQueryData(keys.profile, { ...profile, notifications: wanted });
      return { before };
    },
    onError: (error, _wanted, context) => {
      client.setQueryData(keys.profile, context?.before);
      notifications.show({ color: 'red', message: say(error) });
    },
    onSuccess: (changed) => client.setQueryData(keys.profile, changed),
  });
  const kinds = Object.keys(profile.notifications).sort();
  const name = (kind: string) => (i18n.exists(`settings:kind.${kind}`) ? t(`kind.${kind}`) : kind);
  const toggle = (kind: string, way: (typeof ways)[number], on: boolean) => {
    const now = profile.notifications[kind] ?? [];
    const next = on ? [...now, way] : now.filter((w) => w !== way);
    change.mutate({ ...profile.notifications, [kind]: next });
  };
  return (
    <Stack>
      <Text>{t('notifications_hint')}</Text>
      <Table verticalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('about')}</Table.Th>
            <Table.Th>{t('way.email')}</Table.Th>
            <Table.Th>{t('way.live')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {kinds.map((kind) => (
            <Table.Tr key={kind}>
              <Table.Th scope="row" fw={500}>
                {name(kind)}
              </Table.Th>
              {ways.map((way) => (
                <Table.Td key={way}>
                  <Checkbox aria-label={`${name(kind)}: ${t(`way.${way}`)}`} checked={profile.notifications[kind]?.includes(way) ?? false} onChange={(e) => toggle(kind, way, e.currentTarget.checked)} />
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Stack>
  );
}

export function NotificationSettings() {
  const profile = useOwnProfile();
  if (profile.isPending) return <Skeleton height={320} />;
  if (profile.error && !profile.data) return <LoadError error={profile.error} retry={() => void profile.refetch()} />;
  return profile.data ? <Form profile={profile.data} /> : null;
}
