import { Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { Lock } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '~/api/client';
import type { Money, Order } from '~/api/types';
import { FormProblem } from '~/components/FormProblem';
import { focusFirstError, useServerForm } from '~/components/useServerForm';
import { useFormats } from '~/i18n/format';

const digits = (text: string) => text.replace(/\D/g, '');

/** Pays an order by card, with a second step where the bank wants one. `order` makes it first, if need be. */
export function PayForm({ total, order, paid }: { total: Money; order: () => Promise<string>; paid: (o: Order) => void }) {
  const { t } = useTranslation('orders');
  const f = useFormats();
  const [another, setAnother] = useState(false);
  const [step, setStep] = useState<{ id: string; token: string } | null>(null);
  const form = useForm({
    initialValues: { card: '', expiry: '', cvc: '' },
    validate: {
      card: (v) => (digits(v).length >= 12 && digits(v).length <= 19 ? null : t('pay.card_rule')),
      expiry: (v) => (/^(0[1-9]|1[0-2])\/\d{2}$/.test(v.replace(/\s/g, '')) ? null : t('pay.expiry_rule')),
      cvc: (v) => (/^\d{3,4}$/.test(v) ? null : t('pay.cvc_rule')),
    },
  });
  const { busy, problem, submit } = useServerForm(form, '/method');

  const call = async (id: string, body: { method?: { card: string; expiry: string; cvc: string }; confirm?: string }) => {
    const { data } = await api.POST('/orders/{id}/pay', { params: { path: { id }, header: { 'Idempotency-Key': crypto.randomUUID() } }, body });
    if (!data) return;
    if ('action' in data) setStep({ id, token: data.action.token });
    else paid(data);
  };
  const send = (v: typeof form.values) =>
    submit(async () => call(await order(), { method: { card: digits(v.card), expiry: v.expiry.replace(/\s/g, ''), cvc: v.cvc } }));

  if (step) {
    return (
      <Stack>
        <Alert title={t('pay.step_title')}>{t('pay.step_hint')}</Alert>
        <FormProblem text={problem} />
        <Button autoFocus loading={busy} onClick={() => void submit(() => call(step.id, { confirm: step.token }))}>
          {t('pay.confirm')}
        </Button>
        <Button variant="subtle" onClick={() => (setStep(null), setAnother(true))}>
          {t('pay.other_card')}
        </Button>
      </Stack>
    );
  }
  return (
    <form onSubmit={form.onSubmit((v) => void send(v), focusFirstError)} noValidate>
      <Stack>
        <FormProblem text={problem} />
        <TextInput autoFocus={another} label={t('pay.card')} inputMode="numeric" autoComplete="cc-number" placeholder="4242 4242 4242 4242" maxLength={24} {...form.getInputProps('card')} />
        <Group grow align="flex-start">
          <TextInput label={t('pay.expiry')} inputMode="numeric" autoComplete="cc-exp" placeholder="12/30" maxLength={7} {...form.getInputProps('expiry')} />
          <TextInput label={t('pay.cvc')} inputMode="numeric" autoComplete="cc-csc" placeholder="123" maxLength={4} {...form.getInputProps('cvc')} />
        </Group>
        <Button type="submit" size="md" loading={busy} leftSection={<Lock size={16} aria-hidden />}>
          {t('pay.now', { total: f.money(total) })}
        </Button>
        <Text size="sm" c="dimmed">
          {t('pay.held')}
        </Text>
      </Stack>
    </form>
  );
}
