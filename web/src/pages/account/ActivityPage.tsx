import { Card, Container, Stack, Text } from '@mantine/core';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { Bell } from 'lucide-react';
import { Suspense, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api, got } from '~/api/client';
import { keys } from '~/api/keys';
import type { ActivityItem } from '~/api/types';
import { PagedList } from '~/components/PagedList';
import { PageTitle } from '~/components/PageTitle';
import { Empty } from '~/components/states';
import { tellTabs } from '~/live/tabs';
import { useFormats } from '~/i18n/format';
import classes from './ActivityPage.module.css';

function Item({ item }: { item: ActivityItem }) {
  const { t } = useTranslation('account');
  const f = useFormats();
  return (
    <Card component="li" withBorder padding="md" className={item.read ? undefined : classes.unread}>
      <div className={classes.item}>
        <Text>
          <Link to={item.link} className={classes.link}>
            {item.text}
          </Link>
        </Text>
        <Text size="sm" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
          {!item.read && <strong>{t('unread')} · </strong>}
          <time dateTime={item.at}>{f.ago(item.at)}</time>
        </Text>
      </div>
    </Card>
  );
}

function Page() {
  const { t } = useTranslation('account');
  const client = useQueryClient();
  const feed = useInfiniteQuery({
    queryKey: [...keys.activity, 'feed'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => got(api.GET('/users/me/activity', { params: { query: { limit: 20, cursor: pageParam } } })),
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
  const unread = feed.data?.pages[0]?.unread ?? 0;

  // Seen is read; what was unread stays marked on this page until something new comes, or one leaves it.
  const at = feed.dataUpdatedAt;
  useEffect(() => {
    if (unread === 0) return;
    void api.POST('/users/me/activity/read', { body: {} }).then(() => {
      tellTabs([...keys.activity, 'unread']);
      return client.invalidateQueries({ queryKey: [...keys.activity, 'unread'] });
    });
  }, [unread, at, client]);

  return (
    <Container size="md" py="lg">
      <Stack>
        <PageTitle>{t('activity')}</PageTitle>
        <PagedList query={feed} className={classes.list} empty={<Empty icon={<Bell size={40} aria-hidden />} title={t('no_activity')} />}>
          {(item) => <Item key={item.id} item={item} />}
        </PagedList>
      </Stack>
    </Container>
  );
}

export function Component() {
  return (
    <Suspense>
      <Page />
    </Suspense>
  );
}
