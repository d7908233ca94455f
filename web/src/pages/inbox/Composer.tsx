import { ActionIcon, Collapse, Group, Textarea } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { Paperclip, SendHorizontal } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Conversation } from '~/api/types';
import type { StoredFile } from '~/api/upload';
import { FilePicker } from '~/components/FilePicker';
import { live } from '~/live/store';
import { OfferButton } from './OfferButton';
import classes from './Inbox.module.css';

interface Props {
  send: (text: string, files: StoredFile[]) => boolean;
  conversation?: Conversation;
  /** It has come in the place of what was pressed, and takes its focus. */
  focused?: boolean;
}

/** Enter sends, Shift+Enter begins a line. */
export function Composer({ send, conversation, focused }: Props) {
  const { t } = useTranslation('inbox');
  const [text, setText] = useState('');
  const [files, setFiles] = useState<StoredFile[]>([]);
  const [attaching, setAttaching] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const ready = text.trim() !== '' || files.length > 0;
  const go = () => {
    if (!ready) return;
    if (!send(text.trim(), files)) {
      notifications.show({ color: 'red', message: t('too_many_waiting') });
      return;
    }
    setText('');
    setFiles([]);
    setAttaching(false);
    area.current?.focus();
  };
  return (
    <div className={classes.composer}>
      <Collapse expanded={attaching}>{attaching && <FilePicker purpose="chat" files={files} change={(next) => setFiles(next)} />}</Collapse>
      <Group className={classes.tools} wrap="nowrap" align="flex-end" mt={attaching ? 8 : 0}>
        <ActionIcon variant="subtle" color="gray" size={42} aria-label={t('attach')} aria-expanded={attaching} onClick={() => setAttaching((now) => !now)}>
          <Paperclip size={20} aria-hidden />
        </ActionIcon>
        {conversation && <OfferButton conversation={conversation} />}
        <Textarea
          ref={area}
          autoFocus={focused}
          classNames={{ input: classes.words }}
          flex={1}
          size="md"
          autosize
          minRows={1}
          maxRows={8}
          maxLength={5000}
          aria-label={t('write')}
          placeholder={t('write')}
          value={text}
          onChange={(e) => {
            setText(e.currentTarget.value);
            if (conversation && e.currentTarget.value) live.typing(conversation.id);
          }}
          onKeyDown={(e) => {
            if (e.key !== 'Enter' || e.shiftKey || e.nativeEvent.isComposing) return;
            e.preventDefault();
            go();
          }}
        />
        <ActionIcon size={42} aria-label={t('common:action.send')} disabled={!ready} onClick={go}>
          <SendHorizontal size={20} aria-hidden />
        </ActionIcon>
      </Group>
    </div>
  );
}
