import { SimpleGrid, Skeleton, Stack } from '@mantine/core';
import { useDeferredValue, useEffect } from 'react';
import type { Gig } from '~/api/types';
import { GigCard } from './GigCard';

const columns = { base: 1, xs: 2, md: 3, lg: 4 };

// The page that is opened first shows what is in view before the rest. Later ones are whole at once, so that going back
// finds its place.
let opening = true;
const inView = () => (window.innerWidth < 768 ? 3 : 12);

export function GigGrid({ gigs, eager = 0 }: { gigs: Gig[]; eager?: number }) {
  const shown = useDeferredValue(gigs.length, opening ? inView() : gigs.length);
  useEffect(() => void (opening = false), []);
  return (
    <SimpleGrid cols={columns} spacing="lg" verticalSpacing="lg" component="ul" aria-busy={shown < gigs.length || undefined} style={{ listStyle: 'none', margin: 0, padding: 0 }}>
      {gigs.slice(0, shown).map((gig, index) => (
        <li key={gig.id}>
          <GigCard gig={gig} eager={index < eager} />
        </li>
      ))}
    </SimpleGrid>
  );
}

export function GigGridSkeleton({ count = 8 }: { count?: number }) {
  return (
    <SimpleGrid cols={columns} spacing="lg" verticalSpacing="lg" aria-hidden>
      {Array.from({ length: Math.min(count, inView()) }, (_, i) => (
        <Stack key={i} gap="sm">
          <Skeleton style={{ aspectRatio: '3 / 2', height: 'auto' }} radius="md" />
          <Skeleton height={14} width="40%" />
          <Skeleton height={34} />
          <Skeleton height={14} width="30%" />
        </Stack>
      ))}
    </SimpleGrid>
  );
}
