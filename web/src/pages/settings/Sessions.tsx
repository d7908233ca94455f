import { Badge, Button, Card, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { api, got } from '~/api/client';
import { keys } from '~/api/keys';
import { LoadError } from '~/components/states';
import { useFormats } from '~/i18n/format';
import { ActButton } from '~/pages/orders/ActionForms';
import { useSession } from '~/session/session';

export function Sessions() {
  const { t } = useTranslation('settings');
  const f = useFormats();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { signOut } = useSession();
  const sessions = useQuery({ queryKey: keys.sessions, queryFn: async () => (await got(api.GET('/auth/sessions'))).items });
  if (sessions.isPending) return <Skeleton height={200} />;
  if (sessions.error && !sessions.data) return <LoadError error={sessions.error} retry={() => void sessions.refetch()} />;
  const end = (id: string) => async () => {
    await api.DELETE('/auth/sessions/{id}', { params: { path: { id } } });
    await client.invalidateQueries({ queryKey: keys.sessions });
  };
  const endAll = async () => {
    await signOut('everywhere');
    await navigate('/signin');
  };
  return (
    <Stack>
      <Text>{t('sessions_hint')}</Text>
      {sessions.data?.map((s) => (
        <Card key={s.id} withBorder padding="md">
          <Group justify="space-between">
            <div>
              <Group gap="xs">
                <Text fw={600}>{s.device || t('unknown_device')}</Text>
                {s.current && <Badge tt="none">{t('this_session')}</Badge>}
              </Group>
              <Text size="sm" c="dimmed">
                {t('last_used', { when: f.ago(s.last_used_at) })} · {t('since', { when: f.day(s.created_at) })}
              </Text>
            </div>
            {s.current ? (
              <Button variant="default" onClick={() => void signOut().then(() => navigate('/'))}>
                {t('common:layout.sign_out')}
              </Button>
            ) : (
              <ActButton variant="default" act={end(s.id)}>
                {t('end_session')}
              </ActButton>
            )}
          </Group>
        </Card>
      ))}
      <Group>
        <ActButton danger act={endAll}>
          {t('end_all')}
        </ActButton>
      </Group>
    </Stack>
  );
}
