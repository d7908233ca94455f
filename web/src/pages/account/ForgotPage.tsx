import { Alert, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '~/api/client';
import { isEmail } from '~/components/rules';
import { ServerForm } from '~/components/ServerForm';
import { useServerForm } from '~/components/useServerForm';
import { AccountFrame } from './AccountFrame';

function Page() {
  const { t } = useTranslation('account');
  const [sent, setSent] = useState(false);
  const form = useForm({
    initialValues: { email: '' },
    validate: { email: (v) => (isEmail(v) ? null : t('email_rule')) },
  });
  const sending = useServerForm(form);
  const send = ({ email }: typeof form.values) =>
    sending.submit(async () => {
      await api.POST('/auth/password/forgot', { body: { email: email.trim() } });
      setSent(true);
    });
  return (
    <AccountFrame title={t('forgot_title')}>
      {sent ? (
        <Alert role="status" variant="light">
          {t('forgot_sent')}
        </Alert>
      ) : (
        <ServerForm form={form} sending={sending} send={send} button={t('forgot_send')}>
          <TextInput label={t('email')} description={t('forgot_hint')} type="email" autoComplete="email" autoFocus {...form.getInputProps('email')} />
        </ServerForm>
      )}
    </AccountFrame>
  );
}

export function Component() {
  return (
    <Suspense>
      <Page />
    </Suspense>
  );
}
