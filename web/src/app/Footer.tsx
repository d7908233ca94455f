import { Container, NativeSelect, Text, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { chooseLanguage, type Language } from '~/i18n';
import classes from './Layout.module.css';

export function Footer() {
  const { t, i18n } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <footer className={classes.footer}>
      <Container size="xl" className={classes.links}>
        <Text size="sm" c="dimmed">
          {t('layout.tagline')}
        </Text>
        <Link to="/search" className="plain">
          {t('layout.all_gigs')}
        </Link>
        <a href="/docs" className="plain">
          {t('layout.for_developers')}
        </a>
        <div className={classes.side}>
          <NativeSelect
            aria-label={t('layout.language')}
            value={i18n.language}
            onChange={(e) => void chooseLanguage(e.currentTarget.value as Language)}
            data={[
              { value: 'en', label: 'English' },
              { value: 'es', label: 'Español' },
            ]}
          />
          <NativeSelect
            aria-label={t('layout.theme')}
            value={colorScheme}
            onChange={(e) => setColorScheme(e.currentTarget.value as MantineColorScheme)}
            data={(['auto', 'light', 'dark'] as const).map((value) => ({ value, label: t(`layout.theme_${value}`) }))}
          />
        </div>
      </Container>
    </footer>
  );
}
