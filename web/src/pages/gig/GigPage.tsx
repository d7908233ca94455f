import '@mantine/core/styles/Accordion.css';
import '@mantine/core/styles/Breadcrumbs.css';
import { Accordion, Alert, Anchor, Badge, Breadcrumbs, Button, Container, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { MessageSquare } from 'lucide-react';
import { Suspense, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { api, got } from '~/api/client';
import { keys } from '~/api/keys';
import { isStatus } from '~/api/problem';
import type { Gig } from '~/api/types';
import { FavoriteButton } from '~/components/FavoriteButton';
import { GigGrid } from '~/components/GigGrid';
import { PageTitle } from '~/components/PageTitle';
import { rememberGig } from '~/components/recentGigs';
import { Reviews } from '~/components/Reviews';
import { SellerCard } from '~/components/SellerCard';
import { Stars } from '~/components/Stars';
import { LoadError } from '~/components/states';
import { useCategories } from '~/components/useCategories';
import { useUnpaid } from '~/components/useUnpaid';
import { WaitingOrder } from '~/components/WaitingOrder';
import { Component as NotFound } from '~/pages/NotFoundPage';
import { useSession } from '~/session/session';
import { Gallery } from './Gallery';
import { Packages } from './Packages';
import classes from './GigPage.module.css';

function Path({ gig }: { gig: Gig }) {
  const { t } = useTranslation('gig');
  const categories = useCategories();
  return (
    <nav aria-label={t('path')}>
      <Breadcrumbs separatorMargin={6} className={classes.path}>
        <Anchor component={Link} to={`/search?category=${gig.category}`} size="sm">
          {categories.name(gig.category)}
        </Anchor>
        <Anchor component={Link} to={`/search?category=${gig.category}&subcategory=${gig.subcategory}`} size="sm">
          {categories.subcategory(gig.category, gig.subcategory)}
        </Anchor>
      </Breadcrumbs>
    </nav>
  );
}

function Similar({ id }: { id: string }) {
  const { t } = useTranslation('gig');
  const similar = useQuery({
    queryKey: keys.similar(id),
    queryFn: async () => (await got(api.GET('/gigs/{id}/similar', { params: { path: { id } } }))).items,
  });
  if (!similar.data?.length) return null;
  return (
    <section aria-labelledby="similar">
      <Title order={2} fz={22} mb="md" id="similar">
        {t('similar')}
      </Title>
      <GigGrid gigs={similar.data.slice(0, 4)} />
    </section>
  );
}

function Faq({ gig }: { gig: Gig }) {
  const { t } = useTranslation('gig');
  if (gig.faq.length === 0) return null;
  return (
    <section aria-labelledby="faq">
      <Title order={2} fz={22} mb="sm" id="faq">
        {t('faq')}
      </Title>
      <Accordion variant="separated" order={3}>
        {gig.faq.map((item) => (
          <Accordion.Item key={item.question} value={item.question}>
            <Accordion.Control>{item.question}</Accordion.Control>
            <Accordion.Panel className="pre">{item.answer}</Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
    </section>
  );
}

function Ask({ gig }: { gig: Gig }) {
  const { t } = useTranslation('gig');
  return (
    <Button
      component={Link}
      to={`/conversations?with=${encodeURIComponent(gig.seller.username)}&gig=${gig.id}`}
      variant="default"
      leftSection={<MessageSquare size={16} aria-hidden />}
    >
      {t('ask')}
    </Button>
  );
}

/** Whoever has ordered and not paid need not order again. */
function Unpaid({ gig }: { gig: Gig }) {
  const waiting = useUnpaid(true).find((o) => o.gig_id === gig.id);
  if (!waiting) return null;
  return (
    <Text size="sm">
      <WaitingOrder id={waiting.id} />
    </Text>
  );
}

function Content({ gig }: { gig: Gig }) {
  const { t } = useTranslation('gig');
  const { account } = useSession();
  const own = account?.id === gig.seller.id;
  useEffect(() => rememberGig(gig.id), [gig.id]);
  return (
    <Stack gap={48}>
      <div className={classes.columns}>
        <Stack gap="lg" className={classes.text}>
          <Path gig={gig} />
          {!gig.active && <Alert color="yellow">{t('paused')}</Alert>}
          <PageTitle lh={1.2}>{gig.title}</PageTitle>
          <Group gap="md">
            <Text>
              {t('by')}{' '}
              <Anchor component={Link} to={`/sellers/${gig.seller.username}`} fw={600}>
                {gig.seller.username}
              </Anchor>
            </Text>
            <Stars rating={gig.rating} />
            {gig.sales > 0 && <Badge variant="default" tt="none" size="lg">{t('sales', { count: gig.sales })}</Badge>}
            <FavoriteButton gigId={gig.id} title={gig.title} />
          </Group>
          <Gallery gig={gig} />
        </Stack>
        <aside className={classes.side} aria-label={t('packages')}>
          <Packages gig={gig} own={own} />
          {account && !own && <Unpaid gig={gig} />}
          {!own && <Ask gig={gig} />}
        </aside>
        <section aria-labelledby="about" className={classes.about}>
          <Title order={2} fz={22} mb="sm" id="about">
            {t('about')}
          </Title>
          <Text className="pre" maw="70ch" lh={1.65}>
            {gig.description}
          </Text>
          <Group gap={8} mt="md">
            {gig.tags.map((tag) => (
              <Badge key={tag} component={Link} to={`/search?tags=${encodeURIComponent(tag)}`} variant="default" size="lg" tt="none" className={classes.tag}>
                {tag}
              </Badge>
            ))}
          </Group>
        </section>
      </div>
      <Faq gig={gig} />
      <section aria-labelledby="seller">
        <Title order={2} fz={22} mb="md" id="seller">
          {t('seller')}
        </Title>
        <SellerCard username={gig.seller.username} />
      </section>
      <Reviews of={{ gig: gig.id }} rating={gig.rating} />
      <Similar id={gig.id} />
    </Stack>
  );
}

function Waiting() {
  return (
    <Stack aria-hidden>
      <Skeleton height={20} width={220} />
      <Skeleton height={40} width="70%" />
      <Skeleton height={420} />
      <Skeleton height={200} />
    </Stack>
  );
}

function Page() {
  const { id = '' } = useParams();
  const gig = useQuery({
    queryKey: keys.gig(id),
    queryFn: () => got(api.GET('/gigs/{id}', { params: { path: { id } } })),
  });
  if (isStatus(gig.error, 404)) return <NotFound />;
  return (
    <Container size="xl" py="lg">
      {gig.isPending && <Waiting />}
      {gig.error && !gig.data && <LoadError error={gig.error} retry={() => void gig.refetch()} />}
      {gig.data && <Content gig={gig.data} key={gig.data.id} />}
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
