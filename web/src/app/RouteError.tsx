import { Button, Container, Stack, Text } from '@mantine/core';
import { useNetwork } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isRouteErrorResponse, Link, useRouteError } from 'react-router';
import { PageTitle } from '~/components/PageTitle';
import { fault, note } from '~/report/trace';
import { isMissingPart, loadAfresh } from './newVersion';

/** What is shown when a page itself fails: what happened, and what to do. */
export function RouteError() {
  const error = useRouteError();
  const { t } = useTranslation();
  const missing = isMissingPart(error);
  // After an update the old version's parts are gone: the page that was gone to comes whole, in the new version.
  const [renewing, setRenewing] = useState(missing);
  useEffect(() => setRenewing(missing && loadAfresh()), [missing]);
  const { online } = useNetwork();
  const away = missing && !online;
  const what = isRouteErrorResponse(error) ? error.statusText : error instanceof Error ? error.message : '';
  useEffect(() => {
    if (missing) note('warning', 'A part of the program could not be loaded');
    else fault(error, true);
  }, [error, missing]);
  useEffect(() => {
    if (!away) return undefined;
    const again = () => window.location.reload();
    window.addEventListener('online', again);
    return () => window.removeEventListener('online', again);
  }, [away]);
  if (renewing) return <Container size="sm" mih="70vh" aria-busy />;
  return (
    <Container size="sm" py="xl">
      <Stack align="flex-start">
        <PageTitle>{t(away ? 'layout.offline' : missing ? 'error.chunk_title' : 'error.title')}</PageTitle>
        <Text>{t(away ? 'error.offline_hint' : missing ? 'error.chunk_hint' : 'error.hint')}</Text>
        {!missing && what && (
          <Text size="sm" c="dimmed">
            {what}
          </Text>
        )}
        <Button onClick={() => window.location.reload()}>{t('error.reload')}</Button>
        <Link to="/">{t('error.home')}</Link>
      </Stack>
    </Container>
  );
}
