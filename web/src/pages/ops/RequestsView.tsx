import { Badge, Button, Checkbox, Group, NativeSelect, Stack, Table, Text, TextInput } from '@mantine/core';
import '@mantine/core/styles/Checkbox.css';
import { useQuery } from '@tanstack/react-query';
import { ListTree } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { got } from '~/api/client';
import { Empty } from '~/components/states';
import { Loaded } from './Loaded';
import type { ViewProps } from './OpsPage';
import { ScrollTable } from './ScrollTable';
import { isTraceId, ops, services, since, useApply, type RequestLine } from './data';
import { useFigures } from './useFigures';
import classes from './Ops.module.css';

/** Of a status: what a glance must find. */
const colorOf = (line: RequestLine) => (line.outcome === 'failure' ? 'red.9' : line.status >= 400 ? 'yellow.9' : 'teal.9');

function Filters({ params }: { params: URLSearchParams }) {
  const { t } = useTranslation('ops');
  const apply = useApply();
  const navigate = useNavigate();
  const [route, setRoute] = useState(params.get('route') ?? '');
  const [id, setId] = useState(params.get('request') ?? '');
  const send = (e: FormEvent) => {
    e.preventDefault();
    const wanted = id.trim().toLowerCase();
    if (isTraceId(wanted)) void navigate(`/ops/traces/${wanted}`);
    // An id is of one request: what else was asked for could only hide it.
    else if (wanted) apply({ service: '', route: '', failed: '', request: wanted });
    else apply({ route: route.trim(), request: '' });
  };
  return (
    <form onSubmit={send} aria-label={t('filters')}>
      <Group align="flex-end">
        <NativeSelect label={t('service')} value={params.get('service') ?? ''} onChange={(e) => apply({ service: e.currentTarget.value })} data={[{ value: '', label: t('any') }, ...services]} />
        <NativeSelect
          label={t('order.label')}
          value={params.get('order') ?? ''}
          onChange={(e) => apply({ order: e.currentTarget.value })}
          data={[
            { value: '', label: t('order.latest') },
            { value: 'slowest', label: t('order.slowest') },
          ]}
        />
        <TextInput label={t('route')} placeholder="GET /api/v1/gigs/{id}" value={route} onChange={(e) => setRoute(e.currentTarget.value)} maxLength={300} w={{ base: '100%', sm: 280 }} />
        <TextInput label={t('request_or_trace')} value={id} onChange={(e) => setId(e.currentTarget.value)} maxLength={200} w={{ base: '100%', sm: 280 }} />
        <Checkbox label={t('only_failed')} checked={params.get('failed') === 'true'} onChange={(e) => apply({ failed: e.currentTarget.checked ? 'true' : '' })} pb={8} />
        <Button type="submit">{t('search')}</Button>
      </Group>
    </form>
  );
}

function Lines({ lines }: { lines: RequestLine[] }) {
  const { t } = useTranslation('ops');
  const f = useFigures();
  return (
    <ScrollTable label={t('view.requests')}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('column.at')}</Table.Th>
          <Table.Th>{t('column.status')}</Table.Th>
          <Table.Th className={classes.number}>{t('column.took')}</Table.Th>
          <Table.Th>{t('route')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {lines.map((line, i) => (
          <Table.Tr key={`${line.trace_id} ${line.service} ${line.at} ${i}`}>
            <Table.Td className={classes.when}>
              <Link to={`/ops/traces/${line.trace_id}`} aria-label={`${f.at(line.at)}: ${t('trace_of', { route: line.route })}`}>
                {f.at(line.at)}
              </Link>
            </Table.Td>
            <Table.Td>
              <Badge color={colorOf(line)} radius="sm" size="sm">
                {line.status}
              </Badge>
            </Table.Td>
            <Table.Td className={classes.number}>{f.ms(line.duration_ms)}</Table.Td>
            <Table.Td>
              <span className={classes.mono}>{line.route}</span>{' '}
              <Text component="span" size="sm" c="dimmed">
                {line.service}
              </Text>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </ScrollTable>
  );
}

/** Requests one by one: what the overview's figures are made of, and the way to each one's trace. */
export function RequestsView({ range, every }: ViewProps) {
  const { t } = useTranslation('ops');
  const [params] = useSearchParams();
  const of = (name: string) => params.get(name) || undefined;
  const filter = {
    service: of('service'),
    route: of('route'),
    request_id: of('request'),
    failed: params.get('failed') === 'true' || undefined,
    order: params.get('order') === 'slowest' ? ('slowest' as const) : undefined,
  };
  const query = useQuery({
    queryKey: ['ops', 'requests', range, filter],
    queryFn: () => got(ops.GET('/ops/requests', { params: { query: { ...filter, from: since(range), limit: 100 } } })),
    refetchInterval: every,
    placeholderData: (before) => before,
  });
  return (
    <Stack>
      <Filters key={`${filter.route} ${filter.request_id}`} params={params} />
      <Loaded query={query}>
        {({ items }) =>
          items.length > 0 ? (
            <Lines lines={items} />
          ) : (
            <Empty icon={<ListTree size={40} aria-hidden />} title={t('no_requests')}>
              <Text c="dimmed">{t('no_requests_hint')}</Text>
            </Empty>
          )
        }
      </Loaded>
    </Stack>
  );
}
