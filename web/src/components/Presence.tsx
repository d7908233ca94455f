import { Text, VisuallyHidden } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormats } from '~/i18n/format';
import { usePresence } from '~/live/store';
import { Face } from './Face';
import classes from './Presence.module.css';

/** Somebody's face, with a dot while they are here. */
export function PresentFace({ account, ...face }: { account: string; name: string; avatar?: string | null; size?: number }) {
  const { t } = useTranslation();
  const now = usePresence(account);
  return (
    <span className={classes.face}>
      <Face {...face} />
      {now?.online && (
        <>
          <span className={classes.dot} />
          <VisuallyHidden>{t('presence.online')}</VisuallyHidden>
        </>
      )}
    </span>
  );
}

/** The same in words: here now, or when they last were. With `keep`, its line is there before that is known. */
export function PresenceText({ account, keep = false }: { account: string; keep?: boolean }) {
  const { t } = useTranslation();
  const f = useFormats();
  const now = usePresence(account);
  return (
    <Text size="sm" c="dimmed" component="span" display="block" mih={keep ? 22 : undefined}>
      {now?.online ? t('presence.online') : now?.last_seen ? t('presence.last_seen', { when: f.ago(now.last_seen) }) : ''}
    </Text>
  );
}
