import { Button, NativeSelect, Stack } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { CircleCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { got } from '~/api/client';
import { Empty } from '~/components/states';
import { ErrorRows } from './ErrorRows';
import { Loaded } from './Loaded';
import type { ViewProps } from './OpsPage';
import { ops, services, since, useApply } from './data';

export function ErrorsView({ range, every }: ViewProps) {
  const { t } = useTranslation('ops');
  const [params] = useSearchParams();
  const apply = useApply();
  const service = params.get('service') || undefined;
  const query = useInfiniteQuery({
    queryKey: ['ops', 'errors', range, service],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => got(ops.GET('/ops/errors', { params: { query: { from: since(range), service, limit: 50, cursor: pageParam } } })),
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    refetchInterval: (asked) => ((asked.state.data?.pages.length ?? 0) > 1 ? false : every), // who reads on is not disturbed
    placeholderData: (before) => before,
  });
  return (
    <Stack>
      <NativeSelect label={t('service')} value={service ?? ''} onChange={(e) => apply({ service: e.currentTarget.value })} data={[{ value: '', label: t('any') }, ...services]} maw={240} />
      <Loaded query={query}>
        {({ pages }) => {
          // An error told late may move one that was shown to the next page.
          const groups = [...new Map(pages.flatMap((p) => p.items).map((g) => [g.key, g])).values()];
          if (groups.length === 0) return <Empty icon={<CircleCheck size={40} aria-hidden />} title={t('no_errors')} />;
          return (
            <Stack>
              <ErrorRows groups={groups} label={t('view.errors')} />
              {query.hasNextPage && (
                <Button variant="default" mx="auto" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                  {t('common:action.more')}
                </Button>
              )}
            </Stack>
          );
        }}
      </Loaded>
    </Stack>
  );
}
