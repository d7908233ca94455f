import { Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useTranslation } from 'react-i18next';
import { api } from '~/api/client';
import { PasswordField } from '~/components/PasswordField';
import { isGoodPassword } from '~/components/rules';
import { ServerForm } from '~/components/ServerForm';
import { useServerForm } from '~/components/useServerForm';

export function PasswordForm() {
  const { t } = useTranslation('settings');
  const form = useForm({
    initialValues: { old_password: '', password: '' },
    validate: {
      old_password: (v) => (v ? null : t('needed')),
      password: (v) => (isGoodPassword(v) ? null : t('password_rule')),
    },
  });
  const sending = useServerForm(form);
  const send = async (v: typeof form.values) => {
    const ok = await sending.submit(async () => {
      await api.POST('/auth/password/change', { body: v });
    });
    if (!ok) return;
    form.reset();
    notifications.show({ message: t('password_changed') });
  };
  return (
    <ServerForm form={form} sending={sending} send={send} button={t('change_password')} maw={420}>
      <Text>{t('password_hint')}</Text>
      <PasswordField label={t('old_password')} autoComplete="current-password" {...form.getInputProps('old_password')} />
      <PasswordField label={t('new_password')} autoComplete="new-password" {...form.getInputProps('password')} />
    </ServerForm>
  );
}
