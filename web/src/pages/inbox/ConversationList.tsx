import { Badge, Button, Skeleton, Text } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { MessagesSquare } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api, got } from '~/api/client';
import { keys } from '~/api/keys';
import type { Conversation } from '~/api/types';
import { PresentFace } from '~/components/Presence';
import { Empty, LoadError } from '~/components/states';
import { useFormats } from '~/i18n/format';
import { useLiveUp } from '~/live/store';
import classes from './Inbox.module.css';

function Entry({ conversation, current }: { conversation: Conversation; current: boolean }) {
  const { t } = useTranslation('inbox');
  const f = useFormats();
  const last = conversation.last_message;
  const text = last ? last.text || t(last.offer ? 'an_offer' : 'a_file') : t('no_messages');
  return (
    <li>
      <Link to={`/conversations/${conversation.id}`} className={classes.entry} aria-current={current ? 'page' : undefined}>
        <PresentFace account={conversation.with.id} name={conversation.with.username} avatar={conversation.with.avatar} />
        <span className={classes.entry_text}>
          <Text component="span" fw={600} display="block" truncate>
            {conversation.with.username}
          </Text>
          <Text component="span" size="sm" c="dimmed" display="block" truncate>
            {text}
          </Text>
        </span>
        <span className={classes.entry_side}>
          <Text component="span" size="xs" c="dimmed" display="block" ta="right">
            {f.ago(conversation.updated_at)}
          </Text>
          {conversation.unread > 0 && (
            <Badge color="red.9" aria-label={t('unread', { count: conversation.unread })}>
              {conversation.unread > 99 ? '99+' : conversation.unread}
            </Badge>
          )}
        </span>
      </Link>
    </li>
  );
}

export function ConversationList({ current }: { current?: string }) {
  const { t } = useTranslation('inbox');
  const list = useInfiniteQuery({
    queryKey: keys.conversationList,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => got(api.GET('/conversations', { params: { query: { limit: 30, cursor: pageParam } } })),
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    refetchInterval: useLiveUp() ? false : 30_000,
  });
  const all = list.data?.pages.flatMap((p) => p.items) ?? [];
  if (list.isPending) return <Skeleton height={240} />;
  if (list.error && !list.data) return <LoadError error={list.error} retry={() => void list.refetch()} />;
  if (all.length === 0) return <Empty icon={<MessagesSquare size={36} aria-hidden />} title={t('empty')} />;
  return (
    <>
      <ul className={classes.list}>
        {all.map((c) => (
          <Entry key={c.id} conversation={c} current={c.id === current} />
        ))}
      </ul>
      {list.hasNextPage && (
        <Button variant="subtle" fullWidth loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('common:action.more')}
        </Button>
      )}
    </>
  );
}
