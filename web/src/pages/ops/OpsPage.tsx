import { Button, Container, Group, NativeSelect, Stack, Switch, Text } from '@mantine/core';
import '@mantine/core/styles/Switch.css';
import { useIsFetching, useQueryClient } from '@tanstack/react-query';
import { Lock, RotateCw } from 'lucide-react';
import { Suspense, useState, type ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams, useSearchParams } from 'react-router';
import { PageTitle } from '~/components/PageTitle';
import { Empty } from '~/components/states';
import { Component as NotFound } from '~/pages/NotFoundPage';
import { useAccount } from '~/session/session';
import { BrowserView } from './BrowserView';
import { ErrorsView } from './ErrorsView';
import { EventsView } from './EventsView';
import { LogsView } from './LogsView';
import { OverviewView } from './OverviewView';
import { RequestsView } from './RequestsView';
import { ServicesView } from './ServicesView';
import { TraceView } from './TraceView';
import { ranges, type Range } from './data';
import classes from './Ops.module.css';

export interface ViewProps {
  range: Range;
  /** Milliseconds between two looks; false: only when asked. */
  every: number | false;
}

const views: Record<string, ComponentType<ViewProps>> = {
  overview: OverviewView,
  requests: RequestsView,
  errors: ErrorsView,
  logs: LogsView,
  services: ServicesView,
  browser: BrowserView,
  events: EventsView,
};

/** Queues have no past: they are as they are now. */
const timeless = new Set(['events']);

function Tools({ range, ranged, live, setLive }: { range: Range; ranged: boolean; live: boolean; setLive: (on: boolean) => void }) {
  const { t } = useTranslation('ops');
  const [, setParams] = useSearchParams();
  const client = useQueryClient();
  const busy = useIsFetching({ queryKey: ['ops'] }) > 0;
  const choose = (value: string) =>
    setParams((now) => {
      const next = new URLSearchParams(now);
      next.set('range', value);
      return next;
    });
  return (
    <Group align="flex-end" gap="sm">
      {ranged && (
        <NativeSelect
          w={{ base: 140, sm: 'auto' }}
          label={t('range.label')}
          value={range}
          onChange={(e) => choose(e.currentTarget.value)}
          data={ranges.map((r) => ({ value: r, label: t(`range.${r}`) }))}
        />
      )}
      <Switch label={t('live')} checked={live} onChange={(e) => setLive(e.currentTarget.checked)} pb={8} />
      <Button variant="default" leftSection={<RotateCw size={16} aria-hidden />} onClick={() => void client.invalidateQueries({ queryKey: ['ops'] })} data-busy={busy || undefined}>
        {t('refresh')}
      </Button>
    </Group>
  );
}

function Console() {
  const { t } = useTranslation('ops');
  const { view = 'overview', id } = useParams();
  const [params] = useSearchParams();
  const [live, setLive] = useState(true);
  const range = ranges.find((r) => r === params.get('range')) ?? '1h';
  const here = id ? 'trace' : view;
  const Shown = id ? null : views[view];
  if (!id && !Shown) return <NotFound />;
  return (
    <Container size="xl" py="lg">
      <Stack>
        <PageTitle tab={t(`view.${here}`)}>{t('title')}</PageTitle>
        <div className={classes.bar}>
          <nav aria-label={t('views')}>
            <ul className={classes.nav}>
              {Object.keys(views).map((name) => (
                <li key={name}>
                  <Link to={{ pathname: name === 'overview' ? '/ops' : `/ops/${name}`, search: `?range=${range}` }} aria-current={name === here ? 'page' : undefined}>
                    {t(`view.${name}`)}
                  </Link>
                </li>
              ))}
            </ul>
          </nav>
          {Shown && <Tools range={range} ranged={!timeless.has(view)} live={live} setLive={setLive} />}
        </div>
        {Shown && <Shown range={range} every={live && 5_000} />}
        {id && <TraceView id={id} />}
        <Text size="sm" c="dimmed">
          {t('zone', { zone: Intl.DateTimeFormat().resolvedOptions().timeZone })}
        </Text>
      </Stack>
    </Container>
  );
}

function NotAllowed() {
  const { t } = useTranslation('ops');
  return (
    <Container size="sm" py="xl">
      <PageTitle ta="center">{t('not_allowed.title')}</PageTitle>
      <Empty icon={<Lock size={40} aria-hidden />} title={t('not_allowed.hint')}>
        <Button component={Link} to="/">
          {t('common:error.home')}
        </Button>
      </Empty>
    </Container>
  );
}

function Page() {
  const account = useAccount();
  return account.roles.includes('operator') ? <Console /> : <NotAllowed />;
}

export function Component() {
  return (
    <Suspense>
      <Page />
    </Suspense>
  );
}
