import { Container, SimpleGrid, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api, got } from '~/api/client';
import { keys } from '~/api/keys';
import { GigGrid, GigGridSkeleton } from '~/components/GigGrid';
import { PageTitle } from '~/components/PageTitle';
import { recentGigs } from '~/components/recentGigs';
import { SearchBox } from '~/components/SearchBox';
import { LoadError } from '~/components/states';
import { useCategories } from '~/components/useCategories';
import { CategoryIcon } from './CategoryIcon';
import classes from './HomePage.module.css';

const usualCount = 9; // so that what is below stays where it is

function Categories() {
  const { t } = useTranslation('home');
  const categories = useCategories();
  return (
    <section aria-labelledby="categories">
      <Title order={2} id="categories" mb="md" fz={22}>
        {t('categories')}
      </Title>
      {categories.error && <LoadError error={categories.error} retry={() => void categories.refetch()} />}
      <SimpleGrid cols={{ base: 2, sm: 3 }} spacing={{ base: 'sm', sm: 'md' }} component="ul" className={classes.list}>
        {categories.items.length === 0 && !categories.error && Array.from({ length: usualCount }, (_, i) => <Skeleton key={i} component="li" className={classes.category} />)}
        {categories.items.map((c) => (
          <li key={c.id}>
            <Link to={`/search?category=${c.id}`} className={classes.category}>
              <CategoryIcon id={c.id} />
              <span>{c.name[categories.language]}</span>
            </Link>
          </li>
        ))}
      </SimpleGrid>
    </section>
  );
}

function TopGigs() {
  const { t } = useTranslation('home');
  const top = useQuery({
    queryKey: keys.top(''),
    queryFn: async () => (await got(api.GET('/gigs/top', { params: { query: { limit: 8 } } }))).items,
  });
  return (
    <section aria-labelledby="top">
      <Title order={2} id="top" mb="md" fz={22}>
        {t('top')}
      </Title>
      {top.isPending && <GigGridSkeleton />}
      {top.error && <LoadError error={top.error} retry={() => void top.refetch()} />}
      {top.data && <GigGrid gigs={top.data} eager={4} />}
    </section>
  );
}

function RecentGigs() {
  const { t } = useTranslation('home');
  const [ids] = useState(() => recentGigs().join(','));
  const recent = useQuery({
    queryKey: keys.some(ids),
    enabled: ids !== '',
    queryFn: async () => (await got(api.GET('/gigs', { params: { query: { ids } } }))).items,
  });
  if (!recent.data?.length) return null;
  return (
    <section aria-labelledby="recent">
      <Title order={2} id="recent" mb="md" fz={22}>
        {t('recent')}
      </Title>
      <GigGrid gigs={recent.data.slice(0, 4)} />
    </section>
  );
}

function Page() {
  const { t } = useTranslation('home');
  return (
    <>
      <div className={classes.hero}>
        <Container size="xl">
          <Stack gap="lg" maw={720}>
            <PageTitle fz={{ base: 32, sm: 46 }} lh={1.15} c="inherit" style={{ textWrap: 'balance' }}>
              {t('title')}
            </PageTitle>
            <Text fz="lg">{t('lead')}</Text>
            <SearchBox size="lg" />
          </Stack>
        </Container>
      </div>
      <Container size="xl" py="xl">
        <Stack gap={48}>
          <Categories />
          <TopGigs />
          <RecentGigs />
        </Stack>
      </Container>
    </>
  );
}

export function Component() {
  return (
    <Suspense>
      <Page />
    </Suspense>
  );
}
