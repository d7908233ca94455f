import { Alert, Button, Center, Stack, Text } from '@mantine/core';
import { CircleAlert, WifiOff } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '~/api/problem';

/** Nothing is here: why, and what to do. */
export function Empty({ icon, title, children }: { icon?: ReactNode; title: string; children?: ReactNode }) {
  return (
    <Center py={48}>
      <Stack align="center" gap="sm" maw={460}>
        {icon}
        <Text fw={600} size="lg" ta="center">
          {title}
        </Text>
        {children}
      </Stack>
    </Center>
  );
}

/** What a failed call means, in a person's words. */
export function useProblemText() {
  const { t, i18n } = useTranslation();
  return (error: unknown): string => {
    if (!(error instanceof ApiError)) return t('error.hint');
    const own = `error.code.${error.code}`;
    if (i18n.exists(own)) return t(own, { seconds: error.retryAfter ?? 30 });
    if (error.status === 429) return t('error.throttled', { seconds: error.retryAfter ?? 30 });
    if (error.status >= 500) return t('error.away');
    // The service's own sentence is English.
    return i18n.language === 'en' ? error.message : t('error.hint');
  };
}

/** Something could not be loaded: why, and again. */
export function LoadError({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation();
  const say = useProblemText();
  const gone = error instanceof ApiError && error.status === 0;
  const id = error instanceof ApiError ? error.problem.request_id : undefined;
  return (
    <Alert
      role="alert"
      color="red"
      variant="light"
      icon={gone ? <WifiOff size={20} aria-hidden /> : <CircleAlert size={20} aria-hidden />}
      title={t('error.not_loaded')}
    >
      <Stack align="flex-start" gap="xs">
        <Text>{say(error)}</Text>
        {id && (
          <Text size="xs" c="dimmed">
            {t('error.reference', { id })}
          </Text>
        )}
        {retry && (
          <Button size="xs" variant="default" onClick={retry}>
            {t('error.retry')}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}
