import { Badge, Button, Card, Container, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { Plus, Store } from 'lucide-react';
import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { api, got } from '~/api/client';
import { keys } from '~/api/keys';
import type { Gig } from '~/api/types';
import { Cover } from '~/components/Cover';
import { PagedList } from '~/components/PagedList';
import { PageTitle } from '~/components/PageTitle';
import { SellersOnly } from '~/components/SellersOnly';
import { Stars } from '~/components/Stars';
import { Empty } from '~/components/states';
import { useFormats } from '~/i18n/format';
import { ActButton } from '~/pages/orders/ActionForms';
import classes from './Selling.module.css';

function Row({ gig }: { gig: Gig }) {
  const { t } = useTranslation('selling');
  const f = useFormats();
  const client = useQueryClient();
  const changed = () => client.invalidateQueries({ queryKey: ['gigs'] });
  const setActive = async () => {
    await api.PUT('/gigs/{id}/active', { params: { path: { id: gig.id } }, body: { active: !gig.active } });
    await changed();
  };
  const remove = async () => {
    if (!window.confirm(t('remove_sure', { title: gig.title }))) return;
    await api.DELETE('/gigs/{id}', { params: { path: { id: gig.id }, header: { 'If-Match': `"${gig.revision}"` } } });
    notifications.show({ message: t('removed') });
    await changed();
  };
  return (
    <Card component="li" withBorder padding="md">
      <Group align="flex-start">
        <div className={classes.thumb}>
          <Cover image={gig.images[0]} subject={gig.title} />
        </div>
        <Stack gap={4} flex={1} miw={220}>
          <Group gap="xs">
            <Text component={Link} to={`/gigs/${gig.id}`} className="plain" fw={600}>
              {gig.title}
            </Text>
            {!gig.active && (
              <Badge color="yellow.3" autoContrast tt="none">
                {t('paused')}
              </Badge>
            )}
          </Group>
          <Stars rating={gig.rating} />
          <Text size="sm" c="dimmed">
            {t('sold', { count: gig.sales })} · {t('changed', { when: f.ago(gig.updated_at) })}
          </Text>
        </Stack>
        <Group align="flex-start" gap="xs">
          <Button component={Link} to={`/gigs/${gig.id}/edit`} variant="default" size="sm">
            {t('common:action.edit')}
          </Button>
          <ActButton variant="default" act={setActive}>
            {t(gig.active ? 'pause' : 'resume')}
          </ActButton>
          <ActButton variant="subtle" danger act={remove}>
            {t('common:action.delete')}
          </ActButton>
        </Group>
      </Group>
    </Card>
  );
}

function List() {
  const { t } = useTranslation('selling');
  const [params, setParams] = useSearchParams();
  const which = params.get('active') ?? '';
  const gigs = useInfiniteQuery({
    queryKey: keys.myGigs(`list-${which}`),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => got(api.GET('/gigs/mine', { params: { query: { limit: 20, cursor: pageParam, ...(which ? { active: which === 'true' } : {}) } } })),
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
  return (
    <Container size="lg" py="lg">
      <Stack>
        <Group justify="space-between">
          <PageTitle>{t('title')}</PageTitle>
          <Button component={Link} to="/gigs/new" leftSection={<Plus size={16} aria-hidden />}>
            {t('new')}
          </Button>
        </Group>
        <SegmentedControl
          aria-label={t('which')}
          value={which}
          onChange={(value) => setParams(value ? { active: value } : {})}
          data={[
            { value: '', label: t('all') },
            { value: 'true', label: t('active') },
            { value: 'false', label: t('paused') },
          ]}
        />
        <PagedList
          query={gigs}
          className={classes.list}
          empty={
            <Empty icon={<Store size={40} aria-hidden />} title={t('none')}>
              <Button component={Link} to="/gigs/new">
                {t('new')}
              </Button>
            </Empty>
          }
        >
          {(gig) => <Row key={gig.id} gig={gig} />}
        </PagedList>
      </Stack>
    </Container>
  );
}

function Page() {
  const { t } = useTranslation('selling');
  return (
    <SellersOnly title={t('title')}>
      <List />
    </SellersOnly>
  );
}

export function Component() {
  return (
    <Suspense>
      <Page />
    </Suspense>
  );
}
