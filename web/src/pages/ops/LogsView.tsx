import { Button, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { ScrollText } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { got } from '~/api/client';
import { isCode } from '~/api/problem';
import { Empty, LoadError } from '~/components/states';
import { Skeleton } from '@mantine/core';
import { LevelBadge } from './LevelBadge';
import type { ViewProps } from './OpsPage';
import { ops, services, since, useApply, type LogLine } from './data';
import { useFigures } from './useFigures';
import classes from './Ops.module.css';

const levels = ['debug', 'info', 'warn', 'error'] as const;

/** "GET /api/v1/gigs 200", or "logo: 12": many lines differ in this alone. */
function requestOf({ fields }: LogLine): string {
  const { http, url, error, oficio } = fields as {
    http?: { request?: { method?: string }; response?: { status_code?: number } };
    url?: { path?: string };
    error?: { message?: string };
    oficio?: { queue?: string; search?: { text?: string; found?: number } };
  };
  const search = oficio?.search && `“${oficio.search.text ?? ''}”: ${oficio.search.found ?? 0}`;
  return [search, oficio?.queue, http?.request?.method, url?.path, http?.response?.status_code, error?.message].filter((v) => v !== undefined).join(' ');
}

/** A line stays the same one, and open, when newer ones come before it. */
function withKeys(lines: LogLine[]) {
  const seen = new Map<string, number>();
  return lines.map((line) => {
    const what = `${line.at} ${line.service} ${line.trace_id ?? ''} ${line.message} ${requestOf(line)}`;
    const times = seen.get(what) ?? 0;
    seen.set(what, times + 1);
    return { key: `${what} ${times}`, line };
  });
}

function Row({ line }: { line: LogLine }) {
  const { t } = useTranslation('ops');
  const f = useFigures();
  return (
    <li>
      <details className={classes.row}>
        <summary>
          <span className={classes.when}>{f.at(line.at)}</span>
          <span>
            <LevelBadge level={line.level} />
          </span>
          <span>{line.service}</span>
          <span>
            {line.message}
            <Text component="span" size="sm" c="dimmed" className={classes.mono}>
              {' '}
              {requestOf(line)}
            </Text>
          </span>
        </summary>
        <div className={classes.inner}>
          {line.trace_id && (
            <Button component={Link} to={`/ops/traces/${line.trace_id}`} size="xs" variant="default">
              {t('show_trace')}
            </Button>
          )}
          <pre className={classes.stack} tabIndex={0} aria-label={t('all_fields')}>
            {JSON.stringify(line.fields, null, 2)}
          </pre>
        </div>
      </details>
    </li>
  );
}

function Filters({ params, apply }: { params: URLSearchParams; apply: (values: Record<string, string>) => void }) {
  const { t } = useTranslation('ops');
  const [text, setText] = useState(params.get('text') ?? '');
  const [trace, setTrace] = useState(params.get('trace') ?? '');
  const send = (e: FormEvent) => {
    e.preventDefault();
    apply({ text: text.trim(), trace: trace.trim() });
  };
  const any = [{ value: '', label: t('any') }];
  return (
    <form onSubmit={send} aria-label={t('filters')}>
      <Group align="flex-end">
        <NativeSelect label={t('service')} value={params.get('service') ?? ''} onChange={(e) => apply({ service: e.currentTarget.value })} data={[...any, ...services]} />
        <NativeSelect
          label={t('lowest_level')}
          value={params.get('level') ?? ''}
          onChange={(e) => apply({ level: e.currentTarget.value })}
          data={[...any, ...levels]}
        />
        <TextInput label={t('words')} value={text} onChange={(e) => setText(e.currentTarget.value)} maxLength={200} />
        <TextInput label={t('trace_id')} value={trace} onChange={(e) => setTrace(e.currentTarget.value)} maxLength={32} />
        <Button type="submit">{t('search')}</Button>
      </Group>
    </form>
  );
}

export function LogsView({ range, every }: ViewProps) {
  const { t } = useTranslation('ops');
  const [params] = useSearchParams();
  const apply = useApply();
  const of = (name: string) => params.get(name) || undefined;
  const filter = { service: of('service'), level: levels.find((l) => l === of('level')), text: of('text'), trace_id: of('trace') };
  const lines = useInfiniteQuery({
    queryKey: ['ops', 'logs', range, filter],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => got(ops.GET('/ops/logs', { params: { query: { ...filter, from: since(range), limit: 50, cursor: pageParam } } })),
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    refetchInterval: (query) => ((query.state.data?.pages.length ?? 0) > 1 ? false : every), // who reads on is not disturbed
  });
  const all = lines.data?.pages.flatMap((p) => p.items) ?? [];
  return (
    <Stack>
      <Filters params={params} apply={apply} />
      {lines.isPending && <Skeleton height={320} />}
      {lines.error && !lines.data && (isCode(lines.error, 'nothing_recorded') ? <Empty title={t('nothing_recorded')} /> : <LoadError error={lines.error} retry={() => void lines.refetch()} />)}
      {lines.data && all.length === 0 && (
        <Empty icon={<ScrollText size={40} aria-hidden />} title={t('no_logs')}>
          <Text c="dimmed">{t('no_logs_hint')}</Text>
        </Empty>
      )}
      <ul className={classes.rows} aria-label={t('view.logs')}>
        {withKeys(all).map(({ key, line }) => (
          <Row key={key} line={line} />
        ))}
      </ul>
      {lines.hasNextPage && (
        <Button variant="default" mx="auto" loading={lines.isFetchingNextPage} onClick={() => void lines.fetchNextPage()}>
          {t('common:action.more')}
        </Button>
      )}
    </Stack>
  );
}
