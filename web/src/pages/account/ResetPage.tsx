import { Alert, Anchor, Button, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { api } from '~/api/client';
import { PasswordField } from '~/components/PasswordField';
import { isGoodPassword } from '~/components/rules';
import { ServerForm } from '~/components/ServerForm';
import { useServerForm } from '~/components/useServerForm';
import { AccountFrame } from './AccountFrame';

function Page() {
  const { t } = useTranslation('account');
  const [params] = useSearchParams();
  const [done, setDone] = useState(false);
  const form = useForm({
    initialValues: { password: '' },
    validate: { password: (v) => (isGoodPassword(v) ? null : t('password_rule')) },
  });
  const sending = useServerForm(form);
  const send = ({ password }: typeof form.values) =>
    sending.submit(async () => {
      await api.POST('/auth/password/reset', { body: { token: params.get('token') ?? '', password } });
      setDone(true);
    });
  return (
    <AccountFrame title={t('reset_title')}>
      {done ? (
        <Stack>
          <Alert role="status" color="teal" variant="light">
            {t('reset_done')}
          </Alert>
          <Button component={Link} to="/signin">
            {t('signin')}
          </Button>
        </Stack>
      ) : (
        <ServerForm form={form} sending={sending} send={send} button={t('reset_send')}>
          {sending.problem && (
            <Anchor component={Link} to="/forgot">
              {t('forgot_again')}
            </Anchor>
          )}
          <PasswordField label={t('new_password')} description={t('password_hint')} autoComplete="new-password" autoFocus {...form.getInputProps('password')} />
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
