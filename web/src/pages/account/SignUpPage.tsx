import { Anchor, NativeSelect, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { api } from '~/api/client';
import { PasswordField } from '~/components/PasswordField';
import { isEmail, isGoodPassword } from '~/components/rules';
import { ServerForm } from '~/components/ServerForm';
import { useServerForm } from '~/components/useServerForm';
import { useCountries } from '~/components/useCountries';
import { useSession } from '~/session/session';
import { AccountFrame } from './AccountFrame';
import { useNext } from './next';

function Page() {
  const { t, i18n } = useTranslation('account');
  const { signedIn } = useSession();
  const navigate = useNavigate();
  const next = useNext();
  const countries = useCountries();
  const form = useForm({
    initialValues: { username: '', email: '', password: '', country: '' },
    validateInputOnBlur: true,
    validate: {
      username: (v) => (/^[A-Za-z0-9_-]{3,30}$/.test(v) ? null : t('username_rule')),
      email: (v) => (isEmail(v) ? null : t('email_rule')),
      password: (v) => (isGoodPassword(v) ? null : t('password_rule')),
    },
  });
  const sending = useServerForm(form);
  const send = (values: typeof form.values) =>
    sending.submit(async () => {
      const { country, ...rest } = values;
      const { data } = await api.POST('/auth/signup', {
        body: { ...rest, email: rest.email.trim(), locale: i18n.language, ...(country ? { country } : {}) },
      });
      if (!data) return;
      signedIn(data.account);
      void navigate(next === '/' ? '/verify' : next, { replace: true });
    });
  return (
    <AccountFrame title={t('signup_title')}>
      <ServerForm
        form={form}
        sending={sending}
        send={send}
        button={t('signup')}
        after={
          <Text size="sm">
            {t('have_account')}{' '}
            <Anchor underline="always" component={Link} to={`/signin?next=${encodeURIComponent(next)}`}>
              {t('signin')}
            </Anchor>
          </Text>
        }
      >
        <TextInput label={t('username')} description={t('username_hint')} autoComplete="username" autoCapitalize="none" autoFocus maxLength={30} {...form.getInputProps('username')} />
        <TextInput label={t('email')} type="email" autoComplete="email" maxLength={254} {...form.getInputProps('email')} />
        <PasswordField label={t('password')} description={t('password_hint')} autoComplete="new-password" maxLength={128} {...form.getInputProps('password')} />
        <NativeSelect label={t('country')} description={t('country_hint')} autoComplete="country" data={[{ value: '', label: t('not_told') }, ...countries]} {...form.getInputProps('country')} />
      </ServerForm>
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
