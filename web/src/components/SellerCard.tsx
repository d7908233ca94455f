import { Anchor, Card, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api, got } from '~/api/client';
import { keys } from '~/api/keys';
import { useFormats } from '~/i18n/format';
import { useSession } from '~/session/session';
import { PresenceText, PresentFace } from './Presence';
import { Stars } from './Stars';

export function useSeller(username: string) {
  return useQuery({
    queryKey: keys.seller(username),
    queryFn: () => got(api.GET('/sellers/{username}', { params: { path: { username } } })),
  });
}

/** Who does the work: name, what they say of themselves, and facts. */
export function SellerCard({ username }: { username: string }) {
  const { t } = useTranslation('gig');
  const f = useFormats();
  const { account } = useSession();
  const { data: seller, isPending } = useSeller(username);
  if (isPending) return <Skeleton height={160} />;
  if (!seller) return null;
  return (
    <Card withBorder padding="lg">
      <Group align="flex-start" gap="lg">
        <PresentFace account={seller.id} name={seller.username} avatar={seller.avatar} size={72} />
        <Stack gap={6} flex={1} miw={220}>
          <Anchor component={Link} to={`/sellers/${seller.username}`} fw={700} fz="lg">
            {seller.username}
          </Anchor>
          {account && account.id !== seller.id && <PresenceText account={seller.id} keep />}
          <Text>{seller.headline}</Text>
          <Stars rating={seller.rating} size="md" />
          <Text size="sm" c="dimmed">
            {[
              f.country(seller.country),
              t('member_since', { date: f.day(seller.member_since) }),
              t('completed', { count: seller.completed_orders }),
              seller.response_time_hours > 0 ? t('answers', { count: seller.response_time_hours }) : '',
            ]
              .filter(Boolean)
              .join(' · ')}
          </Text>
          <Text size="sm" c="dimmed">
            {t('speaks', { languages: seller.languages.map((l) => f.languageName(l.code)).join(', ') })}
          </Text>
        </Stack>
      </Group>
    </Card>
  );
}
