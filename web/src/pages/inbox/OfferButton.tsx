import { ActionIcon, Button, Group, Modal, NativeSelect, NumberInput, Stack, Textarea } from '@mantine/core';
import '@mantine/core/styles/NumberInput.css';
import { useForm } from '@mantine/form';
import { useDisclosure } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { HandCoins } from 'lucide-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { api, got } from '~/api/client';
import { keys } from '~/api/keys';
import { rules } from '~/api/schema/rules';
import type { Conversation, Gig } from '~/api/types';
import { FormProblem } from '~/components/FormProblem';
import { PriceInput } from '~/components/PriceInput';
import { useOwnProfile } from '~/components/useOwnProfile';
import { isPrice, isWhole } from '~/components/rules';
import { focusFirstError, useServerForm } from '~/components/useServerForm';

function OfferForm({ conversation, gigs, done }: { conversation: Conversation; gigs: Gig[]; done: () => void }) {
  const { t } = useTranslation('inbox');
  const client = useQueryClient();
  const form = useForm({
    initialValues: { gig_id: gigs[0]?.id ?? '', description: '', price: '' as string | number, delivery_days: 7 as string | number, revisions: 1 as string | number },
    validate: {
      description: (v) => (v.trim() ? null : t('offer.needed')),
      price: (v) => (isPrice(v, rules.package_form.price) ? null : t('offer.price_rule')),
      delivery_days: (v) => (isWhole(v, rules.new_offer.delivery_days) ? null : t('offer.days_rule')),
      revisions: (v) => (isWhole(v, rules.new_offer.revisions) ? null : t('offer.revisions_rule')),
    },
  });
  const { busy, problem, submit } = useServerForm(form);
  // One for what is written, not for the press: a second try after a lost answer is the same offer.
  const key = useRef({ of: '', id: '' });
  const currency = gigs[0]?.packages[0]?.price.currency ?? ''; // every gig has a package
  const send = async (v: typeof form.values) => {
    const of = JSON.stringify(v);
    if (key.current.of !== of) key.current = { of, id: crypto.randomUUID() };
    const ok = await submit(async () => {
      await api.POST('/conversations/{id}/offers', {
        params: { path: { id: conversation.id } },
        body: {
          gig_id: v.gig_id,
          description: v.description.trim(),
          price: { amount: Math.round(Number(v.price) * 100), currency },
          delivery_days: Number(v.delivery_days),
          revisions: Number(v.revisions),
          client_id: key.current.id,
        },
      });
      await client.invalidateQueries({ queryKey: keys.messages(conversation.id) });
    });
    if (ok) done();
  };
  return (
    <form onSubmit={form.onSubmit((v) => void send(v), focusFirstError)} noValidate>
      <Stack>
        <FormProblem text={problem} />
        <NativeSelect label={t('offer.gig')} data={gigs.map((g) => ({ value: g.id, label: g.title }))} {...form.getInputProps('gig_id')} />
        <Textarea label={t('offer.description')} autosize minRows={3} maxLength={5000} {...form.getInputProps('description')} />
        <PriceInput label={t('offer.price')} currency={currency} {...form.getInputProps('price')} />
        <Group grow align="flex-start">
          <NumberInput clampBehavior="none" label={t('offer.days')} min={1} max={90} allowDecimal={false} {...form.getInputProps('delivery_days')} />
          <NumberInput clampBehavior="none" label={t('offer.revisions')} min={0} max={20} allowDecimal={false} {...form.getInputProps('revisions')} />
        </Group>
        <Button type="submit" loading={busy}>
          {t('offer.send')}
        </Button>
      </Stack>
    </form>
  );
}

/** For who sells: a price for just this person. */
export function OfferButton({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation('inbox');
  const [open, dialog] = useDisclosure(false);
  const profile = useOwnProfile();
  const mine = useQuery({
    queryKey: keys.myGigs('true'),
    staleTime: 300_000,
    enabled: profile.data?.is_seller === true,
    queryFn: async () => (await got(api.GET('/gigs/mine', { params: { query: { active: true, limit: 100 } } }))).items,
  });
  if (!mine.data?.length) return null;
  return (
    <>
      <ActionIcon variant="subtle" color="gray" size={42} aria-label={t('offer.make')} onClick={dialog.open}>
        <HandCoins size={20} aria-hidden />
      </ActionIcon>
      <Modal opened={open} onClose={dialog.close} title={t('offer.make')} size="lg" closeButtonProps={{ 'aria-label': t('common:action.close') }}>
        <OfferForm conversation={conversation} gigs={mine.data} done={dialog.close} />
      </Modal>
    </>
  );
}
