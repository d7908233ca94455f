import '@mantine/core/styles/Pill.css';
import '@mantine/core/styles/Drawer.css';
import { Badge, Button, Container, Drawer, Group, NativeSelect, Pill, Stack, Text } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { SearchX, SlidersHorizontal } from 'lucide-react';
import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { api, got } from '~/api/client';
import { keys } from '~/api/keys';
import { GigGrid, GigGridSkeleton } from '~/components/GigGrid';
import { PageTitle } from '~/components/PageTitle';
import { Empty, LoadError } from '~/components/states';
import { useCategories } from '~/components/useCategories';
import { FilterPanel } from './FilterPanel';
import { activeFilters, changed, queryOf, searchPageSize, sorts } from './filters';
import { useFilterNames } from './useFilterNames';
import classes from './SearchPage.module.css';

function useResults() {
  const [params] = useSearchParams();
  const query = queryOf(params);
  return useInfiniteQuery({
    queryKey: keys.search(JSON.stringify(query)),
    queryFn: ({ pageParam, signal }) =>
      got(api.GET('/gigs/search', { params: { query: { ...query, limit: searchPageSize, cursor: pageParam } }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  });
}

function ActiveFilters() {
  const { t } = useTranslation('search');
  const [params, setParams] = useSearchParams();
  const names = useFilterNames();
  const active = activeFilters(queryOf(params));
  if (active.length === 0) return null;
  return (
    <Group gap={8}>
      {active.map((name) => (
        <Pill
          key={name}
          size="md"
          withRemoveButton
          onRemove={() => setParams(changed(params, name === 'category' ? { category: undefined, subcategory: undefined } : { [name]: undefined }))}
          removeButtonProps={{ 'aria-label': t('remove_filter', { filter: names(name, params.get(name) ?? '') }), tabIndex: 0, 'aria-hidden': false }}
        >
          {names(name, params.get(name) ?? '')}
        </Pill>
      ))}
      <Button variant="subtle" size="compact-sm" onClick={() => setParams(params.get('q') ? { q: params.get('q') as string } : {})}>
        {t('clear')}
      </Button>
    </Group>
  );
}

function Results() {
  const { t } = useTranslation('search');
  const [params] = useSearchParams();
  const results = useResults();
  const first = results.data?.pages[0];
  const gigs = results.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Stack>
      {first?.correction && (
        <Text>
          {t('correction')} <Text component="strong" span fw={700}>{first.correction}</Text>
        </Text>
      )}
      <ActiveFilters />
      {results.isPending && <GigGridSkeleton count={12} />}
      {results.error && <LoadError error={results.error} retry={() => void results.refetch()} />}
      {first && gigs.length === 0 && (
        <Empty icon={<SearchX size={40} aria-hidden />} title={t('empty')}>
          <Text ta="center" c="dimmed">
            {t('empty_hint')}
          </Text>
          <Button component={Link} to={params.get('q') ? `/search?q=${encodeURIComponent(params.get('q') as string)}` : '/search'}>
            {t('clear')}
          </Button>
        </Empty>
      )}
      {gigs.length > 0 && (
        <div className={classes.results} data-stale={results.isPlaceholderData || undefined}>
          <GigGrid gigs={gigs} eager={4} />
        </div>
      )}
      {results.hasNextPage && (
        <Button variant="default" loading={results.isFetchingNextPage} onClick={() => void results.fetchNextPage()} mx="auto" mt="md">
          {t('common:action.more')}
        </Button>
      )}
    </Stack>
  );
}

function Page() {
  const { t } = useTranslation('search');
  const [params, setParams] = useSearchParams();
  const [open, drawer] = useDisclosure(false);
  const beside = useMediaQuery('(min-width: 62em)', true, { getInitialValueInEffect: false });
  const categories = useCategories();
  const results = useResults();
  const first = results.data?.pages[0];
  const query = queryOf(params);
  const subject = query.q || (query.subcategory && query.category ? categories.subcategory(query.category, query.subcategory) : query.category ? categories.name(query.category) : '');
  const active = activeFilters(query).length;
  return (
    <Container size="xl" py="lg">
      <Group justify="space-between" align="flex-end" mb="md">
        <div>
          <PageTitle>{subject ? t('title_of', { subject }) : t('title')}</PageTitle>
          <Text c="dimmed" role="status" mih={25}>
            {first ? t('found', { count: first.total }) : ''}
          </Text>
        </div>
        <Group gap="sm" align="flex-end" className={classes.tools}>
          <Button variant="default" hiddenFrom="md" leftSection={<SlidersHorizontal size={16} aria-hidden />} onClick={drawer.open}>
            {t('filters')}
            {active > 0 && <Badge ml={8} circle>{active}</Badge>}
          </Button>
          <NativeSelect
            label={t('sort')}
            value={query.sort ?? 'relevance'}
            onChange={(e) => setParams(changed(params, { sort: e.currentTarget.value === 'relevance' ? undefined : e.currentTarget.value }))}
            data={sorts.map((value) => ({ value, label: t(`sorts.${value}`) }))}
          />
        </Group>
      </Group>
      <div className={classes.columns}>
        {beside && (
          <aside className={classes.filters} aria-label={t('filters')}>
            <FilterPanel facets={first?.facets} />
          </aside>
        )}
        <Results />
      </div>
      <Drawer opened={open} onClose={drawer.close} position="bottom" size="85%" title={t('filters')} closeButtonProps={{ 'aria-label': t('common:action.close') }}>
        <FilterPanel facets={first?.facets} />
        <Button fullWidth mt="lg" onClick={drawer.close} className={classes.show}>
          {t('show', { count: first?.total ?? 0 })}
        </Button>
      </Drawer>
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
