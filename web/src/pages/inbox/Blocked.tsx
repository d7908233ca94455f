import { Button, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '~/api/types';
import { useBlocking } from './useBlocking';
import classes from './Inbox.module.css';

/** In the place of what one writes in: whom one has blocked one cannot write to, either. */
export function Blocked({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation('inbox');
  const name = conversation.with.username;
  const { unblock } = useBlocking(conversation);
  return (
    <Group className={classes.composer} justify="space-between">
      <Text size="sm" flex={1} miw={200}>
        {t('blocked_here', { name })}
      </Text>
      <Button variant="default" onClick={() => void unblock()}>
        {t('unblock', { name })}
      </Button>
    </Group>
  );
}
