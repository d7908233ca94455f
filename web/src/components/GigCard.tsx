import { Card, Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Gig } from '~/api/types';
import { useFormats } from '~/i18n/format';
import { Cover } from './Cover';
import { Face } from './Face';
import { FavoriteButton } from './FavoriteButton';
import { Stars } from './Stars';
import classes from './GigCard.module.css';

/** A gig in a list. The whole card leads to it, and its title is the link that is read out. */
export function GigCard({ gig, eager = false }: { gig: Gig; eager?: boolean }) {
  const { t } = useTranslation();
  const f = useFormats();
  const cheapest = gig.packages.reduce((a, b) => (b.price.amount < a.price.amount ? b : a));
  return (
    <Card component="article" withBorder padding="md" className={classes.card}>
      <Card.Section pos="relative">
        <Cover image={gig.images[0]} subject={gig.title} eager={eager} />
        <div className={classes.heart}>
          <FavoriteButton gigId={gig.id} title={gig.title} />
        </div>
      </Card.Section>
      <Stack gap={8} mt="sm" className={classes.body}>
        <Group gap={8} wrap="nowrap">
          <Face name={gig.seller.username} avatar={gig.seller.avatar} size={26} />
          <Text size="sm" truncate>
            {gig.seller.username}
          </Text>
        </Group>
        <Text component="h3" fw={500} lh={1.35} className="clamp-2">
          <Link to={`/gigs/${gig.id}`} className={classes.link}>
            {gig.title}
          </Link>
        </Text>
        <Stars rating={gig.rating} />
        <Text mt="auto" fw={700}>
          {t('gig.from', { price: f.money(cheapest.price, true) })}
        </Text>
      </Stack>
    </Card>
  );
}
