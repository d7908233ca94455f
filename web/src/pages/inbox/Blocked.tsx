import { Button, Group } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '~/api/types';
import { useBlocking } from './useBlocking';
import classes from './Inbox.module.css';

/** In the place of what one writes in: whom one has blocked one cannot write to, either. */
export function Blocked({ conversation, undone }: { conversation: Conversation; undone: () => void }) {
  const { t } = useTranslation('inbox');
  const { unblock } = useBlocking(conversation);
  const undo = async () => {
    if (await unblock()) undone();
  };
  return (
    <Group className={classes.composer} justify="flex-end">
      <Button variant="default" onClick={() => void undo()}>
        {t('unblock', { name: conversation.with.username })}
      </Button>
    </Group>
  );
}
