import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { api } from '~/api/client';
import { keys } from '~/api/keys';
import type { Conversation } from '~/api/types';
import { useProblemText } from '~/components/states';

/** Ends what comes from the other of this conversation, and lets it begin again; gives whether it was done. The thread says so. */
export function useBlocking({ id, with: { username } }: Conversation) {
  const say = useProblemText();
  const client = useQueryClient();
  const change = async (blocked: boolean) => {
    try {
      const who = { params: { path: { username } } };
      await (blocked ? api.PUT('/users/me/blocks/{username}', who) : api.DELETE('/users/me/blocks/{username}', who));
      client.setQueryData<Conversation>(keys.conversation(id), (now) => now && { ...now, blocked });
      void client.invalidateQueries({ queryKey: keys.blocks });
      return true;
    } catch (e) {
      notifications.show({ color: 'red', message: say(e) });
      return false;
    }
  };
  return { block: () => change(true), unblock: () => change(false) };
}
