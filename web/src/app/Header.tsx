import { ActionIcon, Button, Container, Indicator, Menu, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Activity, Bell, Heart, LogOut, MessageSquare, Package, Settings, Store, Wallet } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation, useNavigate } from 'react-router';
import { api, got } from '~/api/client';
import { keys } from '~/api/keys';
import type { Account } from '~/api/types';
import { Face } from '~/components/Face';
import { SearchBox } from '~/components/SearchBox';
import { useOwnProfile } from '~/components/useOwnProfile';
import { useLiveUp } from '~/live/store';
import { useSession } from '~/session/session';
import classes from './Layout.module.css';

/** Kept by the socket; asked for now and then while there is none. */
function useUnread() {
  const refetchInterval = useLiveUp() ? (false as const) : 60_000;
  const activity = useQuery({
    queryKey: [...keys.activity, 'unread'],
    queryFn: () => got(api.GET('/users/me/activity', { params: { query: { limit: 1 } } })),
    refetchInterval,
  });
  const messages = useQuery({
    queryKey: [...keys.conversations, 'unread'],
    queryFn: () => got(api.GET('/conversations', { params: { query: { limit: 1 } } })),
    refetchInterval,
  });
  return { activity: activity.data?.unread ?? 0, messages: messages.data?.unread ?? 0 };
}

function Signs() {
  const { t } = useTranslation();
  const unread = useUnread();
  const signs = [
    { to: '/conversations', icon: MessageSquare, label: t('layout.messages', { count: unread.messages }), unread: unread.messages },
    { to: '/activity', icon: Bell, label: t('layout.activity', { count: unread.activity }), unread: unread.activity },
    { to: '/favorites', icon: Heart, label: t('layout.favorites'), unread: 0 },
  ];
  return signs.map(({ to, icon: Icon, label, unread }) => (
    <Indicator key={to} label={unread > 99 ? '99+' : unread} size={18} disabled={unread === 0} offset={6} color="red.9" aria-hidden={false}>
      <ActionIcon component={Link} to={to} variant="subtle" color="gray" size={44} c="var(--mantine-color-text)" aria-label={label} visibleFrom={to === '/favorites' ? 'sm' : undefined}>
        <Icon size={22} aria-hidden />
      </ActionIcon>
    </Indicator>
  ));
}

function AccountMenu({ account }: { account: Account }) {
  const { t } = useTranslation();
  const { signOut } = useSession();
  const profile = useOwnProfile();
  const navigate = useNavigate();
  return (
    <Menu position="bottom-end" width={240} keepMounted={false}>
      <Menu.Target>
        <UnstyledButton mih={44} miw={44}>
          <VisuallyHidden>{t('layout.account_menu', { name: account.username })}</VisuallyHidden>
          <Face name={account.username} avatar={profile.data?.avatar ?? account.avatar} size={36} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{account.username}</Menu.Label>
        <Menu.Item component={Link} to="/orders" leftSection={<Package size={16} aria-hidden />}>
          {t('layout.orders')}
        </Menu.Item>
        <Menu.Item component={Link} to="/favorites" leftSection={<Heart size={16} aria-hidden />}>
          {t('layout.favorites')}
        </Menu.Item>
        <Menu.Item component={Link} to="/selling/gigs" leftSection={<Store size={16} aria-hidden />}>
          {t('layout.my_gigs')}
        </Menu.Item>
        <Menu.Item component={Link} to="/selling/earnings" leftSection={<Wallet size={16} aria-hidden />}>
          {t('layout.earnings')}
        </Menu.Item>
        <Menu.Item component={Link} to="/settings" leftSection={<Settings size={16} aria-hidden />}>
          {t('layout.settings')}
        </Menu.Item>
        {account.roles.includes('operator') && (
          <Menu.Item component={Link} to="/ops" leftSection={<Activity size={16} aria-hidden />}>
            {t('layout.operations')}
          </Menu.Item>
        )}
        <Menu.Divider />
        <Menu.Item
          leftSection={<LogOut size={16} aria-hidden />}
          onClick={() => void signOut().then(() => navigate('/'))}
        >
          {t('layout.sign_out')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

export function Header() {
  const { t } = useTranslation();
  const { account } = useSession();
  const { pathname } = useLocation();
  const withSearch = pathname !== '/';
  const wide = useMediaQuery('(min-width: 48em)', true, { getInitialValueInEffect: false });
  return (
    <header className={classes.header}>
      <Container size="xl" className={classes.bar}>
        <Link to="/" className={classes.brand}>
          Oficio
        </Link>
        {withSearch && wide && (
          <div className={classes.search}>
            <SearchBox />
          </div>
        )}
        <nav className={classes.side} aria-label={t('layout.main_navigation')}>
          {account === null && (
            <>
              <Button component={Link} to="/signin" variant="subtle" color="gray" c="var(--mantine-color-text)">
                {t('layout.sign_in')}
              </Button>
              <Button component={Link} to="/signup">
                {t('layout.join')}
              </Button>
            </>
          )}
          {account && (
            <>
              <Signs />
              <AccountMenu account={account} />
            </>
          )}
        </nav>
      </Container>
      {withSearch && !wide && (
        <Container size="xl" className={classes.search_row}>
          <SearchBox />
        </Container>
      )}
    </header>
  );
}
