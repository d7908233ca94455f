import { Button, Group, Radio, Stack, Text, Textarea } from '@mantine/core';
import '@mantine/core/styles/Radio.css';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { Star } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api } from '~/api/client';
import { keys } from '~/api/keys';
import type { Order } from '~/api/types';
import { FormProblem } from '~/components/FormProblem';
import { focusFirstError, useServerForm } from '~/components/useServerForm';
import { tellTabs } from '~/live/tabs';
import classes from './Orders.module.css';

/** A mark and some words about the other side, once per order. */
export function ReviewForm({ order, side, about }: { order: Order; side: 'buyer' | 'seller'; about: string }) {
  const { t } = useTranslation('orders');
  const client = useQueryClient();
  const form = useForm({
    initialValues: { rating: '', text: '' },
    validate: {
      rating: (v) => (v ? null : t('review.rating_needed')),
      text: (v) => (v.trim() ? null : t('text_needed')),
    },
  });
  const { busy, problem, submit } = useServerForm(form);
  const send = (v: typeof form.values) =>
    submit(async () => {
      const { data } = await api.POST('/orders/{id}/review', {
        params: { path: { id: order.id }, header: { 'Idempotency-Key': crypto.randomUUID() } },
        body: { rating: Number(v.rating), text: v.text.trim() },
      });
      // The orders service hears of it a moment later; asking at once would show the form again.
      if (!data) return;
      const mark = { id: data.id, rating: data.rating };
      void client.invalidateQueries({ queryKey: keys.orderReviews(order.id) });
      tellTabs(keys.reviews);
      const reviewed = client.setQueryData<Order>(keys.order(order.id), (now) => now && { ...now, reviews: { ...now.reviews, [side]: mark } });
      tellTabs(keys.order(order.id), reviewed);
    });
  return (
    <form onSubmit={form.onSubmit((v) => void send(v), focusFirstError)} noValidate>
      <Stack>
        <Text>{t('review.hint', { name: about })}</Text>
        <FormProblem text={problem} />
        <Radio.Group label={t('review.rating')} errorProps={{ role: 'alert' }} data-wrong={form.errors['rating'] ? true : undefined} {...form.getInputProps('rating')}>
          <Group mt={6} gap={8}>
            {[1, 2, 3, 4, 5].map((n) => (
              <Radio
                key={n}
                value={String(n)}
                classNames={{ label: classes.mark }}
                label={
                  <Group gap={4} component="span" wrap="nowrap">
                    {n} <Star size={15} fill="#e8a317" color="#e8a317" aria-hidden />
                  </Group>
                }
                aria-label={t('common:rating.mark', { count: n })}
              />
            ))}
          </Group>
        </Radio.Group>
        <Textarea label={t('review.text')} autosize minRows={3} maxLength={2000} {...form.getInputProps('text')} />
        <Group>
          <Button type="submit" loading={busy}>
            {t('review.send')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
