import { Group, Text, VisuallyHidden } from '@mantine/core';
import { Star } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Rating } from '~/api/types';
import { useFormats } from '~/i18n/format';

/** An average as people read it: ★ 4.9 (120). */
export function Stars({ rating, size = 'sm' }: { rating: Rating; size?: 'xs' | 'sm' | 'md' }) {
  const { t } = useTranslation();
  const f = useFormats();
  if (rating.count === 0) {
    return (
      <Text size={size} c="dimmed">
        {t('rating.none')}
      </Text>
    );
  }
  return (
    <Group gap={4} wrap="nowrap">
      <Star size={size === 'md' ? 18 : 15} fill="#e8a317" color="#e8a317" aria-hidden />
      <Text size={size} fw={700} aria-hidden>
        {f.average(rating.average)}
      </Text>
      <Text size={size} c="dimmed" aria-hidden>
        ({f.number(rating.count)})
      </Text>
      <VisuallyHidden>{t('rating.spoken', { average: f.average(rating.average), count: rating.count })}</VisuallyHidden>
    </Group>
  );
}

/** One mark of 1 to 5. */
export function Mark({ value }: { value: number }) {
  const { t } = useTranslation();
  return (
    <Group gap={2} wrap="nowrap">
      {[1, 2, 3, 4, 5].map((n) => (
        <Star key={n} size={15} fill={n <= value ? '#e8a317' : 'none'} color={n <= value ? '#e8a317' : 'var(--mantine-color-gray-5)'} aria-hidden />
      ))}
      <VisuallyHidden>{t('rating.mark', { count: value })}</VisuallyHidden>
    </Group>
  );
}
