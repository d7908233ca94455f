import { Button, Group, PasswordInput, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useTranslation } from 'react-i18next';
import { api } from '~/api/client';
import { FormProblem } from '~/components/FormProblem';
import { focusFirstError, useServerForm } from '~/components/useServerForm';

export function PasswordForm() {
  const { t } = useTranslation('settings');
  const form = useForm({
    initialValues: { old_password: '', password: '' },
    validate: {
      old_password: (v) => (v ? null : t('needed')),
      password: (v) => (v.length >= 10 && v.length <= 128 ? null : t('password_rule')),
    },
  });
  const { busy, problem, submit } = useServerForm(form);
  const send = async (v: typeof form.values) => {
    const ok = await submit(async () => {
      await api.POST('/auth/password/change', { body: v });
    });
    if (!ok) return;
    form.reset();
    notifications.show({ message: t('password_changed') });
  };
  const eye = { visibilityToggleButtonProps: { 'aria-label': t('show_password') } };
  return (
    <form onSubmit={form.onSubmit((v) => void send(v), focusFirstError)} noValidate>
      <Stack maw={420}>
        <Text>{t('password_hint')}</Text>
        <FormProblem text={problem} />
        <PasswordInput label={t('old_password')} autoComplete="current-password" {...eye} {...form.getInputProps('old_password')} />
        <PasswordInput label={t('new_password')} autoComplete="new-password" {...eye} {...form.getInputProps('password')} />
        <Group>
          <Button type="submit" loading={busy}>
            {t('change_password')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
