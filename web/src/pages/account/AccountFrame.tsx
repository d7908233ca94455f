import { Card, Container, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { PageTitle } from '~/components/PageTitle';

/** The narrow card of all pages about getting in. */
export function AccountFrame({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Container size={460} py={{ base: 'lg', sm: 56 }}>
      <Card withBorder padding="xl" shadow="xs">
        <Stack>
          <PageTitle fz={26}>{title}</PageTitle>
          {children}
        </Stack>
      </Card>
    </Container>
  );
}
