import { Alert, Container } from '@mantine/core';
import { useNetwork } from '@mantine/hooks';
import { WifiOff } from 'lucide-react';
import { useTranslation } from 'react-i18next';

export function OfflineBar() {
  const { online } = useNetwork();
  const { t } = useTranslation();
  return (
    <div role="status">
      {!online && (
        <Container size="xl" pt="sm">
          <Alert role="group" color="yellow" icon={<WifiOff size={20} aria-hidden />} title={t('layout.offline')}>
            {t('layout.offline_hint')}
          </Alert>
        </Container>
      )}
    </div>
  );
}
