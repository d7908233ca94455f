import { ActionIcon, Button, Skeleton, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { ArrowLeft } from 'lucide-react';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api, got } from '~/api/client';
import { keys } from '~/api/keys';
import type { Conversation, Message } from '~/api/types';
import { PersonLink } from '~/components/PersonLink';
import { PresenceText, PresentFace } from '~/components/Presence';
import { LoadError } from '~/components/states';
import { useFormats } from '~/i18n/format';
import { ownRead, withMark } from '~/live/cache';
import { live, useLiveUp, useTyping } from '~/live/store';
import { useAccount } from '~/session/session';
import { Blocked } from './Blocked';
import { Bubble, WaitingBubble } from './Bubble';
import { Composer } from './Composer';
import { ThreadMenu } from './ThreadMenu';
import { useMessages } from './useMessages';
import classes from './Inbox.module.css';

/** Who it is with, and how far they have read; the socket keeps it fresh. */
function useConversation(id: string) {
  const client = useQueryClient();
  return useQuery({
    queryKey: keys.conversation(id),
    queryFn: async () => {
      const fresh = await got(api.GET('/conversations/{id}', { params: { path: { id } } }));
      // The socket may have been faster than this answer.
      return withMark(fresh as Conversation, client.getQueryData<Conversation>(keys.conversation(id))?.seen);
    },
    refetchInterval: useLiveUp() ? false : 30_000,
  });
}

/** Tells the other side, and our own counts, that everything up to here was seen. */
function useReadMark(id: string, newest: number, messages: Message[], own: string) {
  const client = useQueryClient();
  const told = useRef(0);
  useEffect(() => {
    live.reads(id);
    return () => live.reads(null);
  }, [id]);
  const last = messages.at(-1);
  useEffect(() => {
    if (newest === 0 || newest <= told.current || last?.from.id === own) return;
    const tell = () => {
      if (document.visibilityState !== 'visible' || newest <= told.current) return;
      told.current = newest;
      api
        .POST('/conversations/{id}/read', { params: { path: { id } }, body: { seq: newest } })
        .then(() => ownRead(client, id, newest))
        .catch(() => (told.current = 0));
    };
    tell();
    document.addEventListener('visibilitychange', tell);
    return () => document.removeEventListener('visibilitychange', tell);
  }, [id, newest, last, own, client]);
}

/** Keeps the newest message in view for who is at the end, and the place for who reads further up. */
function useScroll(newest: number, oldest: number, waiting: number) {
  const box = useRef<HTMLDivElement>(null);
  const before = useRef({ height: 0, atEnd: true, oldest: 0 });
  useLayoutEffect(() => {
    const at = box.current;
    if (!at) return;
    if (before.current.oldest && oldest < before.current.oldest) at.scrollTop += at.scrollHeight - before.current.height;
    else if (before.current.atEnd) at.scrollTop = at.scrollHeight;
    before.current = { ...before.current, height: at.scrollHeight, oldest };
  }, [newest, oldest, waiting]);
  const onScroll = () => {
    const at = box.current;
    if (at) before.current.atEnd = at.scrollHeight - at.scrollTop - at.clientHeight < 60;
  };
  return { box, onScroll };
}

export function Thread({ id }: { id: string }) {
  const { t } = useTranslation('inbox');
  const f = useFormats();
  const account = useAccount();
  const conversation = useConversation(id);
  const { query, messages, newest, waiting, send, again, giveUp } = useMessages(id);
  useReadMark(id, newest, messages, account.id);
  const { box, onScroll } = useScroll(newest, messages[0]?.seq ?? 0, waiting.length);
  const other = conversation.data?.with;
  const typing = useTyping(id, other?.id);
  const blocked = conversation.data?.blocked;
  const [writesAgain, setWritesAgain] = useState(false);
  const mark = conversation.data?.seen;
  const seen = mark && messages.findLast((m) => m.from.id === account.id && m.seq <= mark.seq);

  if (conversation.error && !conversation.data) return <LoadError error={conversation.error} retry={() => void conversation.refetch()} />;
  return (
    <>
      <header className={classes.head}>
        <ActionIcon component={Link} to="/conversations" variant="subtle" color="gray" size={44} hiddenFrom="md" aria-label={t('to_list')}>
          <ArrowLeft size={20} aria-hidden />
        </ActionIcon>
        {other && conversation.data ? (
          <>
            <PresentFace account={other.id} name={other.username} avatar={other.avatar} />
            <div className={classes.who}>
              <PersonLink username={other.username} />
              <PresenceText account={other.id} />
            </div>
            <ThreadMenu conversation={conversation.data} />
          </>
        ) : (
          <Skeleton height={40} width={160} />
        )}
      </header>
      <div className={classes.messages} ref={box} onScroll={onScroll} tabIndex={0} role="log" aria-label={t('messages')}>
        {query.hasNextPage && (
          <Button variant="subtle" size="compact-sm" mx="auto" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {t('older')}
          </Button>
        )}
        {query.error && !query.data && <LoadError error={query.error} retry={() => void query.refetch()} />}
        {query.data && messages.length === 0 && waiting.length === 0 && (
          <Text c="dimmed" m="auto">
            {t('say_hello')}
          </Text>
        )}
        {messages.map((m, index) => (
          <Bubble key={m.id} message={m} own={m.from.id === account.id} seen={m === seen ? mark?.at : undefined} conversation={id} day={f.day(m.created_at) !== (messages[index - 1] ? f.day(messages[index - 1]!.created_at) : '') ? f.day(m.created_at) : null} />
        ))}
        {waiting.map((w) => (
          <WaitingBubble key={w.clientId} message={w} again={() => again(w.clientId)} giveUp={() => giveUp(w.clientId)} />
        ))}
      </div>
      <div role="status" className={classes.typing}>
        {blocked ? t('blocked_here', { name: other?.username }) : typing && other && t('typing', { name: other.username })}
      </div>
      {blocked && conversation.data ? <Blocked conversation={conversation.data} undone={() => setWritesAgain(true)} /> : <Composer send={send} conversation={conversation.data} focused={writesAgain} />}
    </>
  );
}
