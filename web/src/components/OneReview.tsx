import { Button, Card, Group, Stack, Text } from '@mantine/core';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Review } from '~/api/types';
import { useFormats } from '~/i18n/format';
import { useSession } from '~/session/session';
import { Face } from './Face';
import { Mark } from './Stars';
import classes from './Reviews.module.css';

// Few who read reviews ever write a reply.
const ReplyForm = lazy(() => import('./ReplyForm').then((m) => ({ default: m.ReplyForm })));

/** What somebody said; whom it is about may reply, once. */
export function OneReview({ review }: { review: Review }) {
  const { t } = useTranslation();
  const f = useFormats();
  const { account } = useSession();
  const [writing, setWriting] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const reply = useRef<HTMLDivElement>(null);
  const mayReply = account?.id === review.about.id && Boolean(review.published_at) && !review.reply;

  // The form goes, and the reply stands in its place: so does the focus.
  const replied = Boolean(review.reply);
  useEffect(() => {
    if (!replied || !writing) return;
    setWriting(false);
    reply.current?.focus();
  }, [replied, writing]);

  const cancel = () => {
    setWriting(false);
    requestAnimationFrame(() => opener.current?.focus());
  };
  return (
    <Card component="article" withBorder padding="md">
      <Group gap="sm" align="flex-start" wrap="nowrap">
        <Face name={review.from.username} avatar={review.from.avatar} />
        <Stack gap={4} flex={1} miw={0}>
          <Group gap="sm">
            <Text fw={600}>{review.from.username}</Text>
            <Mark value={review.rating} />
            {review.published_at && (
              <Text size="sm" c="dimmed">
                {f.day(review.published_at)}
              </Text>
            )}
          </Group>
          <Text className="pre">{review.text}</Text>
          {review.reply && (
            <div className={classes.reply} ref={reply} tabIndex={-1}>
              <Text size="sm" fw={600}>
                {t('review.reply_of', { name: review.about.username })}
              </Text>
              <Text size="sm" className="pre">
                {review.reply.text}
              </Text>
            </div>
          )}
          {mayReply && !writing && (
            <Group>
              <Button ref={opener} variant="default" size="xs" mih={36} aria-label={t('review.reply_to', { name: review.from.username })} onClick={() => setWriting(true)}>
                {t('review.reply')}
              </Button>
            </Group>
          )}
          {mayReply && writing && (
            <Suspense>
              <ReplyForm review={review} cancel={cancel} />
            </Suspense>
          )}
        </Stack>
      </Group>
    </Card>
  );
}
