import { Alert, Button, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '~/api/client';
import { FormProblem } from '~/components/FormProblem';
import { isEmail } from '~/components/rules';
import { focusFirstError, useServerForm } from '~/components/useServerForm';
import { AccountFrame } from './AccountFrame';

function Page() {
  const { t } = useTranslation('account');
  const [sent, setSent] = useState(false);
  const form = useForm({
    initialValues: { email: '' },
    validate: { email: (v) => (isEmail(v) ? null : t('email_rule')) },
  });
  const { busy, problem, submit } = useServerForm(form);
  const send = ({ email }: typeof form.values) =>
    submit(async () => {
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
        <form onSubmit={form.onSubmit((v) => void send(v), focusFirstError)} noValidate>
          <Stack>
            <FormProblem text={problem} />
            <TextInput label={t('email')} description={t('forgot_hint')} type="email" autoComplete="email" autoFocus {...form.getInputProps('email')} />
            <Button type="submit" loading={busy}>
              {t('forgot_send')}
            </Button>
          </Stack>
        </form>
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
