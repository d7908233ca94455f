import { Button, Group, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useTranslation } from 'react-i18next';
import { api } from '~/api/client';
import { FormProblem } from '~/components/FormProblem';
import { PasswordField } from '~/components/PasswordField';
import { isGoodPassword } from '~/components/rules';
import { focusFirstError, useServerForm } from '~/components/useServerForm';

export function PasswordForm() {
  const { t } = useTranslation('settings');
  const form = useForm({
    initialValues: { old_password: '', password: '' },
    validate: {
      old_password: (v) => (v ? null : t('needed')),
      password: (v) => (isGoodPassword(v) ? null : t('password_rule')),
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
  return (
    <form onSubmit={form.onSubmit((v) => void send(v), focusFirstError)} noValidate>
      <Stack maw={420}>
        <Text>{t('password_hint')}</Text>
        <FormProblem text={problem} />
        <PasswordField label={t('old_password')} autoComplete="current-password" {...form.getInputProps('old_password')} />
        <PasswordField label={t('new_password')} autoComplete="new-password" {...form.getInputProps('password')} />
        <Group>
          <Button type="submit" loading={busy}>
            {t('change_password')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
