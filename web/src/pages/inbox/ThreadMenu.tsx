import { ActionIcon, Menu } from '@mantine/core';
import { Ban, EllipsisVertical, RotateCcw } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '~/api/types';
import { useBlocking } from './useBlocking';

export function ThreadMenu({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation('inbox');
  const name = conversation.with.username;
  const { block, unblock } = useBlocking(conversation);
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={42} ml="auto" aria-label={t('more')}>
          <EllipsisVertical size={20} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {conversation.blocked ? (
          <Menu.Item leftSection={<RotateCcw size={16} aria-hidden />} onClick={() => void unblock()}>
            {t('unblock', { name })}
          </Menu.Item>
        ) : (
          <Menu.Item leftSection={<Ban size={16} aria-hidden />} onClick={() => void block()}>
            {t('block', { name })}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
