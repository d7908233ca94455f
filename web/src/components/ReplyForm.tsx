import { Button, Group, Stack, Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient, type InfiniteData } from '@tanstack/react-query';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '~/api/client';
import { keys } from '~/api/keys';
import { isCode } from '~/api/problem';
import type { Review } from '~/api/types';
import { tellTabs } from '~/live/tabs';
import { FormProblem } from './FormProblem';
import { focusFirstError, useServerForm } from './useServerForm';

interface Page {
  items: Review[];
}

/** Wherever the review is shown, it has its reply now. */
function useReplied() {
  const client = useQueryClient();
  return (now: Review) => {
    const inPage = <P extends Page>(page: P): P => ({ ...page, items: page.items.map((r) => (r.id === now.id ? { ...r, reply: now.reply } : r)) });
    client.setQueriesData<Page | InfiniteData<Page>>({ queryKey: keys.reviews }, (kept) => kept && ('pages' in kept ? { ...kept, pages: kept.pages.map(inPage) } : inPage(kept)));
  };
}

export function ReplyForm({ review, cancel }: { review: Review; cancel: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const replied = useReplied();
  // One for the form, not for the press: a second try after a lost answer is the same reply.
  const key = useRef({ text: '', id: '' });
  const form = useForm({
    initialValues: { text: '' },
    validate: { text: (v) => (v.trim() ? null : t('review.reply_needed')) },
  });
  const { busy, problem, submit } = useServerForm(form);
  const send = ({ text }: typeof form.values) =>
    submit(async () => {
      if (key.current.text !== text) key.current = { text, id: crypto.randomUUID() };
      try {
        const { data } = await api.POST('/reviews/{id}/reply', {
          params: { path: { id: review.id }, header: { 'Idempotency-Key': key.current.id } },
          body: { text: text.trim() },
        });
        if (!data) return;
        replied(data);
        tellTabs(keys.reviews);
      } catch (e) {
        if (isCode(e, 'already_replied')) void client.invalidateQueries({ queryKey: keys.reviews }); // in another tab
        throw e;
      }
    });
  return (
    <form onSubmit={form.onSubmit((v) => void send(v), focusFirstError)} noValidate>
      <Stack gap="sm" mt={6}>
        <FormProblem text={problem} />
        <Textarea data-autofocus autoFocus label={t('review.reply_text')} description={t('review.reply_hint')} autosize minRows={2} maxLength={2000} {...form.getInputProps('text')} />
        <Group gap="xs">
          <Button type="submit" loading={busy}>
            {t('review.reply_send')}
          </Button>
          <Button variant="default" onClick={cancel} disabled={busy}>
            {t('action.cancel')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
