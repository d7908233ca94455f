import { Skeleton } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { DatabaseZap } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { isCode } from '~/api/problem';
import { Empty, LoadError } from '~/components/states';

/** What a question brought, or why it brought nothing. What was there stays while it is asked again. */
export function Loaded<T>({ query, children }: { query: UseQueryResult<T>; children: (data: T) => ReactNode }) {
  const { t } = useTranslation('ops');
  if (query.data !== undefined) return children(query.data);
  if (query.isPending) return <Skeleton height={320} />;
  if (isCode(query.error, 'nothing_recorded')) {
    return <Empty icon={<DatabaseZap size={40} aria-hidden />} title={t('nothing_recorded')} />;
  }
  return <LoadError error={query.error} retry={() => void query.refetch()} />;
}
