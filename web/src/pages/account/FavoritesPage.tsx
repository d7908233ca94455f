import { Button, Container, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Heart } from 'lucide-react';
import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api, got } from '~/api/client';
import { keys } from '~/api/keys';
import type { Gig } from '~/api/types';
import { useFavoriteIds } from '~/components/FavoriteButton';
import { GigGrid, GigGridSkeleton } from '~/components/GigGrid';
import { PageTitle } from '~/components/PageTitle';
import { Empty, LoadError } from '~/components/states';

const atOnce = 50;

async function gigsOf(ids: string[]): Promise<Gig[]> {
  const slices = Array.from({ length: Math.ceil(ids.length / atOnce) }, (_, i) => ids.slice(i * atOnce, (i + 1) * atOnce));
  const pages = await Promise.all(slices.map((slice) => got(api.GET('/gigs', { params: { query: { ids: slice.join(',') } } }))));
  return pages.flatMap((p) => p.items);
}

function Page() {
  const { t } = useTranslation('account');
  const ids = useFavoriteIds();
  const gigs = useQuery({
    queryKey: keys.some(ids.data?.join(',') ?? ''),
    enabled: Boolean(ids.data?.length),
    queryFn: () => gigsOf(ids.data ?? []),
  });
  const error = ids.error ?? gigs.error;
  return (
    <Container size="xl" py="lg">
      <Stack>
        <PageTitle>{t('common:layout.favorites')}</PageTitle>
        {error && <LoadError error={error} retry={() => void (ids.error ? ids.refetch() : gigs.refetch())} />}
        {(ids.isPending || (ids.data?.length !== 0 && gigs.isPending)) && !error && <GigGridSkeleton count={4} />}
        {ids.data?.length === 0 && (
          <Empty icon={<Heart size={40} aria-hidden />} title={t('no_favorites')}>
            <Button component={Link} to="/search">
              {t('common:not_found.search')}
            </Button>
          </Empty>
        )}
        {gigs.data && <GigGrid gigs={gigs.data} />}
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
