import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '~/api/client';
import { keys } from '~/api/keys';
import type { Conversation } from '~/api/types';
import { useProblemText } from '~/components/states';

/** Ends what comes from the other of this conversation, and lets it begin again; says what has become of it. */
export function useBlocking({ id, with: { username } }: Conversation) {
  const { t } = useTranslation('inbox');
  const say = useProblemText();
  const client = useQueryClient();
  const change = async (blocked: boolean) => {
    try {
      const who = { params: { path: { username } } };
      await (blocked ? api.PUT('/users/me/blocks/{username}', who) : api.DELETE('/users/me/blocks/{username}', who));
      client.setQueryData<Conversation>(keys.conversation(id), (now) => now && { ...now, blocked });
      void client.invalidateQueries({ queryKey: keys.blocks });
      notifications.show({ message: t(blocked ? 'blocked' : 'unblocked', { name: username }) });
    } catch (e) {
      notifications.show({ color: 'red', message: say(e) });
    }
  };
  return { block: () => change(true), unblock: () => change(false) };
}
