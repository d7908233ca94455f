import { Button, Container } from '@mantine/core';
import { Compass } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { PageTitle } from '~/components/PageTitle';
import { Empty } from '~/components/states';

export function Component() {
  const { t } = useTranslation();
  return (
    <Container size="sm" py="xl">
      <PageTitle ta="center">{t('not_found.title')}</PageTitle>
      <Empty icon={<Compass size={40} aria-hidden />} title={t('not_found.hint')}>
        <Button component={Link} to="/search">
          {t('not_found.search')}
        </Button>
      </Empty>
    </Container>
  );
}
