import { Button, Card, Group, Stack, Textarea, TextInput, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { GigFormApi } from './GigEditorPage';

export function FaqFields({ form }: { form: GigFormApi }) {
  const { t } = useTranslation('selling');
  return (
    <Card withBorder padding="lg">
      <Stack>
        <Title order={2} fz={20}>
          {t('faq')}
        </Title>
        {form.values.faq.map((_, i) => (
          <Stack key={i} gap="xs">
            <TextInput label={t('question', { at: i + 1 })} maxLength={200} {...form.getInputProps(`faq.${i}.question`)} />
            <Textarea label={t('answer')} autosize minRows={2} maxLength={1000} {...form.getInputProps(`faq.${i}.answer`)} />
            <Group>
              <Button variant="subtle" size="compact-sm" onClick={() => form.removeListItem('faq', i)}>
                {t('remove_question')}
              </Button>
            </Group>
          </Stack>
        ))}
        {form.values.faq.length < 10 && (
          <Group>
            <Button variant="default" onClick={() => form.insertListItem('faq', { question: '', answer: '' })}>
              {t('add_question')}
            </Button>
          </Group>
        )}
      </Stack>
    </Card>
  );
}
