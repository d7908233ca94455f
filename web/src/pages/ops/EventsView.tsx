import { Alert, Button, Group, Skeleton, Stack, Table, Text, Title, VisuallyHidden } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { got } from '~/api/client';
import { isCode } from '~/api/problem';
import { LoadError, useProblemText } from '~/components/states';
import { useFormats } from '~/i18n/format';
import type { ViewProps } from './OpsPage';
import { ScrollTable } from './ScrollTable';
import { ops, type Events } from './data';
import { useFigures } from './useFigures';
import classes from './Ops.module.css';

type Letter = Events['items'][number];

const replayOf = ({ id, queue }: Letter) => got(ops.POST('/ops/events/{id}/replay', { params: { path: { id }, query: { queue } } }));

/** One after another: what another operator has replayed meanwhile is no longer there, which is as good. */
function ReplayAll({ letters }: { letters: Letter[] }) {
  const { t } = useTranslation('ops');
  const say = useProblemText();
  const client = useQueryClient();
  const replay = useMutation({
    mutationFn: async () => {
      for (const letter of letters) {
        await replayOf(letter).catch((e: unknown) => {
          if (!isCode(e, 'not_found')) throw e;
        });
      }
    },
    onSuccess: () => notifications.show({ message: t('replayed_all') }),
    onError: (e) => notifications.show({ color: 'red', message: say(e) }),
    onSettled: () => client.invalidateQueries({ queryKey: ['ops', 'events'] }),
  });
  return (
    <Button variant="default" w="fit-content" loading={replay.isPending} onClick={() => replay.mutate()}>
      {t('replay_all', { count: letters.length })}
    </Button>
  );
}

function QueueTable({ queues }: { queues: Events['queues'] }) {
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

/** Those that need somebody first; the many that are empty are folded. */
function Queues({ queues }: { queues: Events['queues'] }) {
  const { t } = useTranslation('ops');
  const busy = queues.filter((q) => q.waiting > 0 || q.dead > 0).sort((a, b) => b.dead - a.dead || b.waiting - a.waiting || a.name.localeCompare(b.name));
  const quiet = queues.filter((q) => q.waiting === 0 && q.dead === 0);
  return (
    <>
      {busy.length > 0 && <QueueTable queues={busy} />}
      {quiet.length > 0 && (
        <details className={classes.quiet}>
          <summary>{t('quiet_queues', { count: quiet.length })}</summary>
          <QueueTable queues={quiet} />
        </details>
      )}
    </>
  );
}

/** In a row where there is room for one; else one below the other, so that nothing has to be moved to be pressed. */
function DeadLetter({ letter }: { letter: Letter }) {
  const { t } = useTranslation('ops');
  const { ago } = useFormats();
  const say = useProblemText();
  const client = useQueryClient();
  const replay = useMutation({
    mutationFn: () => replayOf(letter),
    onSuccess: () => {
      notifications.show({ message: t('replayed') });
      return client.invalidateQueries({ queryKey: ['ops', 'events'] });
    },
    onError: (e) => notifications.show({ color: 'red', message: say(e) }),
  });
  return (
    <li className={classes.letter}>
      <div>
        <Text fw={500}>{letter.type}</Text>
        <Text size="sm" c="dimmed" className={classes.mono}>
          {letter.id}
        </Text>
      </div>
      <div>
        <VisuallyHidden>{t('column.queue')}: </VisuallyHidden>
        {letter.queue}
      </div>
      <div>
        {letter.reason}
        <Text size="sm" c="dimmed">
          {t('attempts', { count: letter.attempts })} · {ago(letter.died_at)}
        </Text>
      </div>
      <Group gap="xs">
        <Button size="xs" variant="default" loading={replay.isPending} onClick={() => replay.mutate()} aria-label={t('replay_of', { type: letter.type, queue: letter.queue })}>
          {t('replay')}
        </Button>
        {letter.trace_id && (
          <Button component={Link} to={`/ops/traces/${letter.trace_id}`} size="xs" variant="default" aria-label={`${t('show_trace')}: ${letter.type}`}>
            {t('show_trace')}
          </Button>
        )}
      </Group>
    </li>
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
      <Title order={2} fz={18} id="dead-letters">
        {t('dead_letters')}
      </Title>
      {letters.length === 0 && <Text c="dimmed">{t('no_dead_letters')}</Text>}
      {letters.length > 1 && <ReplayAll letters={letters} />}
      {letters.length > 0 && (
        <ul className={`${classes.rows} ${classes.letters}`} aria-labelledby="dead-letters">
          {letters.map((l) => (
            <DeadLetter key={`${l.queue} ${l.id}`} letter={l} />
          ))}
        </ul>
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
