import { Skeleton } from '@mantine/core';
import { DatabaseZap } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { isCode } from '~/api/problem';
import { Empty, LoadError } from '~/components/states';

/** A query, of pages or not. */
interface Asked<T> {
  data: T | undefined;
  isPending: boolean;
  error: Error | null;
  refetch: () => unknown;
}

/** What a question brought, or why it brought nothing. What was there stays while it is asked again. */
export function Loaded<T>({ query, children }: { query: Asked<T>; children: (data: T) => ReactNode }) {
  const { t } = useTranslation('ops');
  if (query.data !== undefined) return children(query.data);
  if (query.isPending) return <Skeleton height={320} />;
  if (isCode(query.error, 'nothing_recorded')) {
    return <Empty icon={<DatabaseZap size={40} aria-hidden />} title={t('nothing_recorded')} />;
  }
  return <LoadError error={query.error} retry={() => void query.refetch()} />;
}
