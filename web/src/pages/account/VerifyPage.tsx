import { Alert, Button, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { CircleCheck, MailCheck } from 'lucide-react';
import { Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { api } from '~/api/client';
import { keys } from '~/api/keys';
import { FormProblem } from '~/components/FormProblem';
import { useProblemText } from '~/components/states';
import { useSession } from '~/session/session';
import { AccountFrame } from './AccountFrame';

function Resend() {
  const { t } = useTranslation('account');
  const say = useProblemText();
  const [state, setState] = useState<'idle' | 'busy' | 'sent'>('idle');
  const [problem, setProblem] = useState<string | null>(null);
  const send = async () => {
    setState('busy');
    setProblem(null);
    try {
      await api.POST('/auth/email/resend');
      setState('sent');
    } catch (e) {
      setProblem(say(e));
      setState('idle');
    }
  };
  return (
    <>
      <FormProblem text={problem} />
      {state === 'sent' && <Alert role="status">{t('resent')}</Alert>}
      <Button variant="default" loading={state === 'busy'} onClick={() => void send()}>
        {t('resend')}
      </Button>
    </>
  );
}

/** With a token from the mail: verifies. Without one: says that a mail is on its way. */
function Page() {
  const { t } = useTranslation('account');
  const [params] = useSearchParams();
  const token = params.get('token');
  const { account } = useSession();
  const client = useQueryClient();
  const say = useProblemText();
  const verified = useQuery({
    queryKey: ['verify', token],
    enabled: Boolean(token),
    retry: false,
    staleTime: Infinity,
    queryFn: async () => {
      await api.POST('/auth/email/verify', { body: { token: token as string } });
      await client.invalidateQueries({ queryKey: keys.me });
      return true;
    },
  });
  const good = verified.data || (!token && account?.email_verified);
  return (
    <AccountFrame title={t(good ? 'verified_title' : 'verify_title')}>
      {good ? (
        <Stack>
          <Alert color="teal" variant="light" icon={<CircleCheck size={20} aria-hidden />} role="status">
            {t('verified')}
          </Alert>
          <Button component={Link} to="/">
            {t('go_on')}
          </Button>
          <Button component={Link} to="/sell" variant="default">
            {t('become_seller')}
          </Button>
        </Stack>
      ) : (
        <Stack>
          {verified.error && <FormProblem text={say(verified.error)} />}
          {!token && (
            <Alert variant="light" icon={<MailCheck size={20} aria-hidden />}>
              {t('mail_sent', { email: account?.email ?? '' })}
            </Alert>
          )}
          {account ? <Resend /> : <Text component={Link} to="/signin">{t('signin_for_resend')}</Text>}
        </Stack>
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
