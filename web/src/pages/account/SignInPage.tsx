import '@mantine/core/styles/PinInput.css';
import { Anchor, Button, PinInput, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Navigate, useNavigate } from 'react-router';
import { api } from '~/api/client';
import type { Account } from '~/api/types';
import { FormProblem } from '~/components/FormProblem';
import { PasswordField } from '~/components/PasswordField';
import { ServerForm } from '~/components/ServerForm';
import { focusFirstError, useServerForm } from '~/components/useServerForm';
import { useSession } from '~/session/session';
import { AccountFrame } from './AccountFrame';
import { deviceLabel } from './device';
import { useNext } from './next';

function Password({ done, challenged }: { done: (account: Account) => void; challenged: (id: string) => void }) {
  const { t } = useTranslation('account');
  const next = useNext();
  const form = useForm({
    initialValues: { login: '', password: '' },
    validate: {
      login: (v) => (v.trim() ? null : t('needed')),
      password: (v) => (v ? null : t('needed')),
    },
  });
  const sending = useServerForm(form);
  const send = (values: typeof form.values) =>
    sending.submit(async () => {
      const { data } = await api.POST('/auth/signin', { body: { ...values, login: values.login.trim(), device: deviceLabel() } });
      if (data && 'challenge_id' in data) challenged(data.challenge_id);
      else if (data) done(data.account);
    });
  return (
    <ServerForm
      form={form}
      sending={sending}
      send={send}
      button={t('signin')}
      after={
        <Text size="sm">
          {t('new_here')}{' '}
          <Anchor underline="always" component={Link} to={`/signup?next=${encodeURIComponent(next)}`}>
            {t('signup')}
          </Anchor>
        </Text>
      }
    >
      <TextInput label={t('login')} autoComplete="username" autoCapitalize="none" autoFocus {...form.getInputProps('login')} />
      <PasswordField label={t('password')} autoComplete="current-password" {...form.getInputProps('password')} />
      <Anchor component={Link} to="/forgot" size="sm">
        {t('forgotten')}
      </Anchor>
    </ServerForm>
  );
}

function Code({ challenge, done, again }: { challenge: string; done: (account: Account) => void; again: () => void }) {
  const { t } = useTranslation('account');
  const form = useForm({ initialValues: { code: '' }, validate: { code: (v) => (/^\d{6}$/.test(v) ? null : t('six_digits')) } });
  const { busy, problem, submit } = useServerForm(form);
  const send = (values: typeof form.values) =>
    submit(async () => {
      const { data } = await api.POST('/auth/signin/otp', { body: { challenge_id: challenge, code: values.code } });
      if (data) done(data.account);
    });
  return (
    <form onSubmit={form.onSubmit((v) => void send(v), focusFirstError)} noValidate>
      <Stack>
        <Text>{t('code_sent')}</Text>
        <FormProblem text={problem} />
        <PinInput
          length={6}
          type="number"
          oneTimeCode
          autoFocus
          aria-label={t('code')}
          getInputProps={(index: number) => ({ 'aria-label': t('digit', { at: index + 1 }) })}
          error={Boolean(form.errors['code'])}
          value={form.values.code}
          onChange={(value) => form.setFieldValue('code', value)}
          onComplete={(code) => void send({ code })}
        />
        {form.errors['code'] && (
          <Text size="sm" c="var(--mantine-color-error)" role="alert">
            {form.errors['code']}
          </Text>
        )}
        <Button type="submit" loading={busy} size="md">
          {t('signin')}
        </Button>
        <Button variant="subtle" onClick={again}>
          {t('other_account')}
        </Button>
      </Stack>
    </form>
  );
}

function Page() {
  const { t } = useTranslation('account');
  const { account, signedIn } = useSession();
  const navigate = useNavigate();
  const next = useNext();
  const [challenge, setChallenge] = useState<string | null>(null);
  if (account) return <Navigate to={next} replace />;
  const done = (a: Account) => {
    signedIn(a);
    void navigate(next, { replace: true });
  };
  return (
    <AccountFrame title={t(challenge ? 'code_title' : 'signin_title')}>
      {challenge ? <Code challenge={challenge} done={done} again={() => setChallenge(null)} /> : <Password done={done} challenged={setChallenge} />}
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
