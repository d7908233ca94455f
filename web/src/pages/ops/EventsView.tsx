import { Alert, Button, Skeleton, Stack, Table, Text, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { got } from '~/api/client';
import { LoadError, useProblemText } from '~/components/states';
import { useFormats } from '~/i18n/format';
import type { ViewProps } from './OpsPage';
import { ScrollTable } from './ScrollTable';
import { ops, type Events } from './data';
import { useFigures } from './useFigures';
import classes from './Ops.module.css';

type Letter = Events['items'][number];

function Queues({ queues }: { queues: Events['queues'] }) {
  const { t } = useTranslation('ops');
  const f = useFigures();
  return (
    <ScrollTable label={t('queues')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('column.queue')}</Table.Th>
            <Table.Th className={classes.number}>{t('column.waiting')}</Table.Th>
            <Table.Th className={classes.number}>{t('column.dead')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {queues.map((q) => (
            <Table.Tr key={q.name}>
              <Table.Td>{q.name}</Table.Td>
              <Table.Td className={classes.number}>{f.count(q.waiting)}</Table.Td>
              <Table.Td className={classes.number} c={q.dead > 0 ? 'var(--mantine-color-error)' : undefined}>
                {f.count(q.dead)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </ScrollTable>
  );
}

function DeadLetter({ letter }: { letter: Letter }) {
  const { t } = useTranslation('ops');
  const { ago } = useFormats();
  const say = useProblemText();
  const client = useQueryClient();
  const replay = useMutation({
    mutationFn: () => got(ops.POST('/ops/events/{id}/replay', { params: { path: { id: letter.id }, query: { queue: letter.queue } } })),
    onSuccess: () => {
      notifications.show({ message: t('replayed') });
      return client.invalidateQueries({ queryKey: ['ops', 'events'] });
    },
    onError: (e) => notifications.show({ color: 'red', message: say(e) }),
  });
  return (
    <Table.Tr>
      <Table.Td>
        {letter.type}
        <Text size="sm" c="dimmed" className={classes.mono}>
          {letter.id}
        </Text>
      </Table.Td>
      <Table.Td>{letter.queue}</Table.Td>
      <Table.Td>
        {letter.reason}
        <Text size="sm" c="dimmed">
          {t('attempts', { count: letter.attempts })} · {ago(letter.died_at)}
        </Text>
      </Table.Td>
      <Table.Td>
        <Button size="xs" variant="default" loading={replay.isPending} onClick={() => replay.mutate()} aria-label={t('replay_of', { type: letter.type, queue: letter.queue })}>
          {t('replay')}
        </Button>
      </Table.Td>
    </Table.Tr>
  );
}

export function EventsView({ every }: ViewProps) {
  const { t } = useTranslation('ops');
  const events = useInfiniteQuery({
    queryKey: ['ops', 'events'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => got(ops.GET('/ops/events', { params: { query: { limit: 50, cursor: pageParam } } })),
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    refetchInterval: every,
  });
  const first = events.data?.pages[0];
  if (events.isPending) return <Skeleton height={320} />;
  if (!first) return <LoadError error={events.error} retry={() => void events.refetch()} />;
  const letters = events.data?.pages.flatMap((p) => p.items) ?? [];
  return (
    <Stack>
      {first.away.length > 0 && <Alert color="orange">{t('away', { services: first.away.join(', ') })}</Alert>}
      <Title order={2} fz={18}>
        {t('dead_letters')}
      </Title>
      {letters.length === 0 && <Text c="dimmed">{t('no_dead_letters')}</Text>}
      {letters.length > 0 && (
        <ScrollTable label={t('dead_letters')}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('column.event')}</Table.Th>
                <Table.Th>{t('column.queue')}</Table.Th>
                <Table.Th>{t('column.reason')}</Table.Th>
                <Table.Th>{t('column.action')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {letters.map((l) => (
                <DeadLetter key={`${l.queue} ${l.id}`} letter={l} />
              ))}
            </Table.Tbody>
          </ScrollTable>
      )}
      {events.hasNextPage && (
        <Button variant="default" mx="auto" loading={events.isFetchingNextPage} onClick={() => void events.fetchNextPage()}>
          {t('common:action.more')}
        </Button>
      )}
      <Title order={2} fz={18}>
        {t('queues')}
      </Title>
      <Queues queues={first.queues} />
    </Stack>
  );
}
