import { Button, Container, Skeleton } from '@mantine/core';
import { Store } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { PageTitle } from './PageTitle';
import { Empty, LoadError } from './states';
import { useOwnProfile } from './useOwnProfile';

/** A page for people who sell; others are told how to begin. */
export function SellersOnly({ title, children }: { title: string; children: ReactNode }) {
  const { t } = useTranslation('selling');
  const profile = useOwnProfile();
  if (profile.data?.is_seller) return children;
  return (
    <Container size="sm" py="xl">
      <PageTitle ta="center" mb="md">
        {title}
      </PageTitle>
      {profile.data ? (
        <Empty icon={<Store size={40} aria-hidden />} title={t('not_seller')}>
          <Button component={Link} to="/sell">
            {t('become')}
          </Button>
        </Empty>
      ) : profile.error ? (
        <LoadError error={profile.error} retry={() => void profile.refetch()} />
      ) : (
        <Skeleton height={240} />
      )}
    </Container>
  );
}
