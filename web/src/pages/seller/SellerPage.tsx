import { Anchor, Badge, Button, Container, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { MessageSquare } from 'lucide-react';
import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { api, got } from '~/api/client';
import { isStatus } from '~/api/problem';
import type { Seller } from '~/api/types';
import { GigGrid, GigGridSkeleton } from '~/components/GigGrid';
import { PageTitle } from '~/components/PageTitle';
import { PresenceText, PresentFace } from '~/components/Presence';
import { Reviews } from '~/components/Reviews';
import { useSeller } from '~/components/SellerCard';
import { Stars } from '~/components/Stars';
import { LoadError } from '~/components/states';
import { useFormats } from '~/i18n/format';
import { Component as NotFound } from '~/pages/NotFoundPage';
import { useSession } from '~/session/session';

function Gigs({ username }: { username: string }) {
  const { t } = useTranslation('gig');
  const gigs = useInfiniteQuery({
    queryKey: ['gigs', 'of', username],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      got(api.GET('/sellers/{username}/gigs', { params: { path: { username }, query: { limit: 12, cursor: pageParam } } })),
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
  return (
    <section aria-labelledby="gigs">
      <Title order={2} fz={22} mb="md" id="gigs">
        {t('services_of', { name: username })}
      </Title>
      {gigs.isPending && <GigGridSkeleton count={4} />}
      {gigs.error && <LoadError error={gigs.error} retry={() => void gigs.refetch()} />}
      {gigs.data && <GigGrid gigs={gigs.data.pages.flatMap((p) => p.items)} />}
      {gigs.hasNextPage && (
        <Button variant="default" mt="md" loading={gigs.isFetchingNextPage} onClick={() => void gigs.fetchNextPage()}>
          {t('common:action.more')}
        </Button>
      )}
    </section>
  );
}

function List({ title, items }: { title: string; items: string[] }) {
  if (items.length === 0) return null;
  return (
    <div>
      <Title order={3} fz={16} mb={4}>
        {title}
      </Title>
      {items.map((item) => (
        <Text key={item} size="sm">
          {item}
        </Text>
      ))}
    </div>
  );
}

function About({ seller }: { seller: Seller }) {
  const { t } = useTranslation('gig');
  const f = useFormats();
  const years = (...all: (number | null | undefined)[]) => all.filter(Boolean).join('–');
  return (
    <Stack gap="lg">
      <Text className="pre" maw="70ch" lh={1.65}>
        {seller.description}
      </Text>
      <Group gap={8}>
        {seller.skills.map((skill) => (
          <Badge key={skill} component={Link} to={`/search?q=${encodeURIComponent(skill)}`} variant="default" size="lg" tt="none" style={{ cursor: 'pointer' }}>
            {skill}
          </Badge>
        ))}
      </Group>
      <Group align="flex-start" gap="xl">
        <List title={t('languages')} items={seller.languages.map((l) => `${f.languageName(l.code)}: ${t(`level.${l.level}`)}`)} />
        <List title={t('education')} items={seller.education.map((e) => [e.degree, e.school, years(e.year)].filter(Boolean).join(', '))} />
        <List title={t('experience')} items={seller.experience.map((e) => [e.title, e.company, years(e.from, e.to)].filter(Boolean).join(', '))} />
        <List title={t('certificates')} items={seller.certificates.map((c) => [c.name, c.issuer, years(c.year)].filter(Boolean).join(', '))} />
      </Group>
      {seller.links.length > 0 && (
        <Group>
          {seller.links.map((link) => (
            <Anchor key={link} href={link} rel="nofollow noopener noreferrer" target="_blank">
              {link.replace(/^https?:\/\//, '')}
            </Anchor>
          ))}
        </Group>
      )}
    </Stack>
  );
}

function Page() {
  const { username = '' } = useParams();
  const { t } = useTranslation('gig');
  const f = useFormats();
  const { account } = useSession();
  const seller = useSeller(username);
  if (isStatus(seller.error, 404)) return <NotFound />;
  return (
    <Container size="xl" py="lg">
      {seller.isPending && <Skeleton height={220} />}
      {seller.error && !seller.data && <LoadError error={seller.error} retry={() => void seller.refetch()} />}
      {seller.data && (
        <Stack gap={40}>
          <Group align="flex-start" gap="lg">
            <PresentFace account={seller.data.id} name={seller.data.username} avatar={seller.data.avatar} size={96} />
            <Stack gap={6} flex={1} miw={240}>
              <PageTitle>{seller.data.username}</PageTitle>
              {account && account.id !== seller.data.id && <PresenceText account={seller.data.id} keep />}
              <Text fz="lg">{seller.data.headline}</Text>
              <Stars rating={seller.data.rating} size="md" />
              <Text size="sm" c="dimmed">
                {[
                  f.country(seller.data.country),
                  t('member_since', { date: f.day(seller.data.member_since) }),
                  t('completed', { count: seller.data.completed_orders }),
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </Text>
            </Stack>
            {account?.id === seller.data.id ? (
              <Button component={Link} to="/sell" variant="default">
                {t('edit_profile')}
              </Button>
            ) : (
              <Button component={Link} to={`/conversations?with=${encodeURIComponent(seller.data.username)}`} leftSection={<MessageSquare size={16} aria-hidden />}>
                {t('contact')}
              </Button>
            )}
          </Group>
          <About seller={seller.data} />
          <Gigs username={username} />
          <Reviews of={{ seller: username }} rating={seller.data.rating} />
        </Stack>
      )}
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
