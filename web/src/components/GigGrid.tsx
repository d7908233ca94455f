import { SimpleGrid, Skeleton, Stack } from '@mantine/core';
import type { Gig } from '~/api/types';
import { GigCard } from './GigCard';

const columns = { base: 1, xs: 2, md: 3, lg: 4 };

export function GigGrid({ gigs, eager = 0 }: { gigs: Gig[]; eager?: number }) {
  return (
    <SimpleGrid cols={columns} spacing="lg" verticalSpacing="lg" component="ul" style={{ listStyle: 'none', margin: 0, padding: 0 }}>
      {gigs.map((gig, index) => (
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
      {Array.from({ length: count }, (_, i) => (
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
