import { Button, Card, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { CalendarClock, RefreshCw, ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Gig } from '~/api/types';
import { useFormats } from '~/i18n/format';

/** The packages side by side in one card, and the way to order one. */
export function Packages({ gig, own }: { gig: Gig; own: boolean }) {
  const { t } = useTranslation('gig');
  const f = useFormats();
  const [name, setName] = useState(gig.packages[0]?.name ?? 'basic');
  const chosen = gig.packages.find((p) => p.name === name) ?? gig.packages[0];
  if (!chosen) return null;
  return (
    <Card withBorder padding="lg" shadow="xs">
      <Stack>
        {gig.packages.length > 1 && (
          <SegmentedControl
            fullWidth
            aria-label={t('packages')}
            value={name}
            onChange={(value) => setName(value as typeof name)}
            data={gig.packages.map((p) => ({ value: p.name, label: t(`package.${p.name}`) }))}
          />
        )}
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <Text fw={600} fz="lg">
            {chosen.title || t(`package.${chosen.name}`)}
          </Text>
          <Text fw={800} fz={24}>
            {f.money(chosen.price, true)}
          </Text>
        </Group>
        <Text className="pre">{chosen.description}</Text>
        <Stack gap={6}>
          <Group gap={8}>
            <CalendarClock size={18} aria-hidden />
            <Text size="sm">{t('delivery', { count: chosen.delivery_days })}</Text>
          </Group>
          <Group gap={8}>
            <RefreshCw size={18} aria-hidden />
            <Text size="sm">{t('revisions', { count: chosen.revisions })}</Text>
          </Group>
          <Group gap={8} wrap="nowrap">
            <ShieldCheck size={18} aria-hidden style={{ flex: 'none' }} />
            <Text size="sm">{t('safe')}</Text>
          </Group>
        </Stack>
        {own ? (
          <Button component={Link} to={`/gigs/${gig.id}/edit`} size="md">
            {t('edit')}
          </Button>
        ) : (
          <Button component={Link} to={`/checkout?gig=${gig.id}&package=${chosen.name}`} size="md" disabled={!gig.active}>
            {t('order', { price: f.money(chosen.price, true) })}
          </Button>
        )}
      </Stack>
    </Card>
  );
}
