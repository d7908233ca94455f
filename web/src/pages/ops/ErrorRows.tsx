import { Badge, Button, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useFormats } from '~/i18n/format';
import { brief, type ErrorGroup } from './data';
import { useFigures } from './useFigures';
import classes from './Ops.module.css';

function Row({ group }: { group: ErrorGroup }) {
  const { t } = useTranslation('ops');
  const f = useFigures();
  const { ago } = useFormats();
  return (
    <li>
      <details className={`${classes.row} ${classes.group}`}>
        <summary>
          <Badge color="red.9" size="lg" radius="sm" aria-label={t('times', { count: group.count })}>
            {f.count(group.count)}
          </Badge>
          <span>
            <Text component="span" fw={600} display="block">
              {group.message || group.type}
            </Text>
            <Text component="span" size="sm" c="dimmed">
              {[group.service, group.type, group.culprit, group.page].filter(Boolean).join(' · ')}
            </Text>
          </span>
          <span className={classes.when}>{t('last', { when: ago(group.last_at) })}</span>
        </summary>
        <div className={classes.inner}>
          <Text size="sm">
            {t('first', { when: f.at(group.first_at) })} · {t('people', { count: group.people })}
          </Text>
          <Group>
            {group.trace_id && (
              <>
                <Button component={Link} to={`/ops/traces/${group.trace_id}`} size="xs" variant="default">
                  {t('show_trace')}
                </Button>
                <Button component={Link} to={`/ops/logs?range=7d&trace=${group.trace_id}`} size="xs" variant="default">
                  {t('show_logs')}
                </Button>
              </>
            )}
          </Group>
          {group.stack && (
            <pre className={classes.stack} tabIndex={0} aria-label={t('stack')}>
              {brief(group.stack)}
            </pre>
          )}
        </div>
      </details>
    </li>
  );
}

export function ErrorRows({ groups, label }: { groups: ErrorGroup[]; label: string }) {
  return (
    <ul className={classes.rows} aria-label={label}>
      {groups.map((g) => (
        <Row key={g.key} group={g} />
      ))}
    </ul>
  );
}
