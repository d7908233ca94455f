import '@mantine/core/styles/Progress.css';
import { Button, Group, Progress, Stack, Text, Title, UnstyledButton } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, got } from '~/api/client';
import { keys } from '~/api/keys';
import type { Rating } from '~/api/types';
import { useFormats } from '~/i18n/format';
import { OneReview } from './OneReview';
import { Stars } from './Stars';
import { LoadError } from './states';
import classes from './Reviews.module.css';

type Subject = { gig: string } | { seller: string };

function useReviews(of: Subject, mark: number | null) {
  const id = 'gig' in of ? of.gig : of.seller;
  return useInfiniteQuery({
    queryKey: keys.gigReviews(id, String(mark)),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => {
      const query = { limit: 10, cursor: pageParam, ...(mark ? { rating: mark } : {}) };
      return 'gig' in of
        ? got(api.GET('/gigs/{id}/reviews', { params: { path: { id: of.gig }, query } }))
        : got(api.GET('/sellers/{username}/reviews', { params: { path: { username: of.seller }, query } }));
    },
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
}

function Histogram({ rating, mark, choose }: { rating: Rating; mark: number | null; choose: (mark: number | null) => void }) {
  const { t } = useTranslation('gig');
  const f = useFormats();
  return (
    <Stack gap={4} className={classes.histogram}>
      {[5, 4, 3, 2, 1].map((n) => {
        const count = rating.histogram[n - 1] ?? 0;
        return (
          <UnstyledButton key={n} className={classes.row} aria-pressed={mark === n} onClick={() => choose(mark === n ? null : n)} disabled={count === 0}>
            <Text size="sm" w={70}>
              {t('stars', { count: n })}
            </Text>
            <Progress value={(count / Math.max(1, rating.count)) * 100} flex={1} color="#e8a317" aria-label={t('stars', { count: n })} />
            <Text size="sm" c="dimmed" w={44} ta="right">
              {f.number(count)}
            </Text>
          </UnstyledButton>
        );
      })}
    </Stack>
  );
}

/** What buyers said, with how often each mark was given; a mark can be chosen. */
export function Reviews({ of, rating }: { of: Subject; rating: Rating }) {
  const { t } = useTranslation('gig');
  const [mark, setMark] = useState<number | null>(null);
  const reviews = useReviews(of, mark);
  const all = reviews.data?.pages.flatMap((p) => p.items) ?? [];
  return (
    <section aria-labelledby="reviews">
      <Group mb="md" gap="md">
        <Title order={2} fz={22} id="reviews">
          {t('reviews')}
        </Title>
        <Stars rating={rating} size="md" />
      </Group>
      {rating.count > 0 && <Histogram rating={rating} mark={mark} choose={setMark} />}
      {reviews.error && <LoadError error={reviews.error} retry={() => void reviews.refetch()} />}
      <Stack mt="md" gap="sm">
        {all.map((review) => (
          <OneReview key={review.id} review={review} />
        ))}
      </Stack>
      {reviews.hasNextPage && (
        <Button variant="default" mt="md" loading={reviews.isFetchingNextPage} onClick={() => void reviews.fetchNextPage()}>
          {t('common:action.more')}
        </Button>
      )}
    </section>
  );
}
