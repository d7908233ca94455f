import { ActionIcon, Menu } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { Ban, EllipsisVertical } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api } from '~/api/client';
import type { Conversation } from '~/api/types';
import { useProblemText } from '~/components/states';

export function ThreadMenu({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation('inbox');
  const say = useProblemText();
  const name = conversation.with.username;
  const block = async () => {
    try {
      await api.PUT('/users/me/blocks/{username}', { params: { path: { username: name } } });
      notifications.show({ message: t('blocked', { name }) });
    } catch (e) {
      notifications.show({ color: 'red', message: say(e) });
    }
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={42} ml="auto" aria-label={t('more')}>
          <EllipsisVertical size={20} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<Ban size={16} aria-hidden />} onClick={() => void block()}>
          {t('block', { name })}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
