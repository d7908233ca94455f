import { Button, Skeleton } from '@mantine/core';
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { LoadError } from './states';

interface Props<P extends { items: unknown[] }> {
  query: UseInfiniteQueryResult<InfiniteData<P, unknown>>;
  /** What stands there when there is nothing. */
  empty: ReactNode;
  className?: string;
  children: (item: P['items'][number]) => ReactNode;
}

/** A list that comes page by page: what is there, why there is nothing, and how to get more. */
export function PagedList<P extends { items: unknown[] }>({ query, empty, className, children }: Props<P>) {
  const { t } = useTranslation();
  const all = query.data?.pages.flatMap((p): P['items'] => p.items) ?? [];
  return (
    <>
      {query.isPending && <Skeleton height={240} />}
      {query.error && <LoadError error={query.error} retry={() => void query.refetch()} />}
      {query.data && all.length === 0 && empty}
      <ul className={className}>{all.map(children)}</ul>
      {query.hasNextPage && (
        <Button variant="default" mx="auto" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t('action.more')}
        </Button>
      )}
    </>
  );
}
