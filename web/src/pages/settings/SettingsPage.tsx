import { Container, Stack, Tabs } from '@mantine/core';
import '@mantine/core/styles/Tabs.css';
import { Suspense, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { PageTitle } from '~/components/PageTitle';
import { Component as NotFound } from '~/pages/NotFoundPage';
import { BlockedPeople } from './BlockedPeople';
import { NotificationSettings } from './NotificationSettings';
import { PasswordForm } from './PasswordForm';
import { ProfileForm } from './ProfileForm';
import { Sessions } from './Sessions';
import classes from './Settings.module.css';

const sections = { profile: ProfileForm, password: PasswordForm, sessions: Sessions, notifications: NotificationSettings, blocked: BlockedPeople };
type Section = keyof typeof sections;

function Page() {
  const { t } = useTranslation('settings');
  const { section = 'profile' } = useParams();
  const navigate = useNavigate();
  const tabs = useRef<HTMLDivElement>(null);
  useEffect(() => {
    tabs.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [section]);
  if (!(section in sections)) return <NotFound />;
  const Shown = sections[section as Section];
  return (
    <Container size="md" py="lg">
      <Stack>
        <PageTitle>{t('title')}</PageTitle>
        <Tabs value={section} onChange={(to) => void navigate(`/settings/${to ?? 'profile'}`)} keepMounted={false} activateTabWithKeyboard={false}>
          <Tabs.List mb="lg" ref={tabs} className={classes.tabs}>
            {(Object.keys(sections) as Section[]).map((name) => (
              <Tabs.Tab key={name} value={name}>
                {t(`section.${name}`)}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <Tabs.Panel value={section}>
            <Shown />
          </Tabs.Panel>
        </Tabs>
      </Stack>
    </Container>
  );
}

export function Component() {
  return (
    <Suspense>
      <Page />
    </Suspense>
  );
}
