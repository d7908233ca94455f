import { useQuery } from '@tanstack/react-query';
import { CircleCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { got } from '~/api/client';
import { Empty } from '~/components/states';
import { ErrorRows } from './ErrorRows';
import { Loaded } from './Loaded';
import type { ViewProps } from './OpsPage';
import { ops, since } from './data';

export function ErrorsView({ range, every }: ViewProps) {
  const { t } = useTranslation('ops');
  const query = useQuery({
    queryKey: ['ops', 'errors', range],
    queryFn: () => got(ops.GET('/ops/errors', { params: { query: { from: since(range), limit: 100 } } })),
    refetchInterval: every,
    placeholderData: (before) => before,
  });
  return (
    <Loaded query={query}>
      {({ items }) =>
        items.length === 0 ? (
          <Empty icon={<CircleCheck size={40} aria-hidden />} title={t('no_errors')} />
        ) : (
          <ErrorRows groups={items} label={t('view.errors')} />
        )
      }
    </Loaded>
  );
}
