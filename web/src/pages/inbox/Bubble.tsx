import { Badge, Button, Card, Group, Stack, Text, VisuallyHidden } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { memo, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api } from '~/api/client';
import { keys } from '~/api/keys';
import type { Message, Offer } from '~/api/types';
import { FileList } from '~/components/FileList';
import { useProblemText } from '~/components/states';
import { useUnpaid } from '~/components/useUnpaid';
import { useFormats } from '~/i18n/format';
import { ActButton } from '~/pages/orders/ActionForms';
import type { Waiting } from '~/live/outbox';
import classes from './Inbox.module.css';

/** Web addresses as links that tell the other site nothing; everything else stays text. */
function Linked({ text }: { text: string }) {
  const parts = text.split(/(https?:\/\/[^\s<>"')\]]+)/g);
  return parts.map((part, index) =>
    index % 2 === 1 ? (
      <a key={index} href={part} target="_blank" rel="nofollow noopener noreferrer">
        {part}
      </a>
    ) : (
      part
    ),
  );
}

/** What an offer has become; who has still to pay it is told so. */
function ToOrder({ id, own }: { id: string; own: boolean }) {
  const { t } = useTranslation('inbox');
  const unpaid = useUnpaid(!own).some((o) => o.id === id);
  return (
    <Group>
      <Button component={Link} to={`/orders/${id}`} variant={unpaid ? 'filled' : 'default'}>
        {t(unpaid ? 'offer.pay' : 'offer.to_order')}
      </Button>
    </Group>
  );
}

function OfferCard({ offer, own, conversation }: { offer: Offer; own: boolean; conversation: string }) {
  const { t } = useTranslation('inbox');
  const f = useFormats();
  const client = useQueryClient();
  const card = useRef<HTMLDivElement>(null);
  const answered = useRef(false);
  const answer = (what: 'decline' | 'withdraw') => async () => {
    await api.POST(`/offers/{id}/${what}`, { params: { path: { id: offer.id } } });
    answered.current = true;
    await client.invalidateQueries({ queryKey: keys.messages(conversation) });
  };
  // The button that was pressed is gone with the offer's state; what has become of it is read.
  useEffect(() => {
    if (answered.current) card.current?.focus();
  }, [offer.status]);
  return (
    <Card withBorder padding="md" ref={card} tabIndex={-1}>
      <Stack gap="xs">
        <Group justify="space-between">
          <Text fw={700}>{offer.title}</Text>
          <Badge tt="none" variant="default">
            {t(`offer.status.${offer.status}`)}
          </Badge>
        </Group>
        <Text size="sm" className="pre">
          {offer.description}
        </Text>
        <Text fw={700}>{f.money(offer.price)}</Text>
        <Text size="sm" c="dimmed">
          {t('offer.days_of', { count: offer.delivery_days })}, {t('offer.revisions_of', { count: offer.revisions })}
          {offer.status === 'open' && ` · ${t('offer.until', { when: f.time(offer.expires_at) })}`}
        </Text>
        {offer.status === 'open' && (
          <Group align="flex-start">
            {own ? (
              <ActButton variant="default" act={answer('withdraw')}>
                {t('offer.withdraw')}
              </ActButton>
            ) : (
              <>
                <Button component={Link} to={`/checkout?offer=${offer.id}`}>
                  {t('offer.accept')}
                </Button>
                <ActButton variant="default" act={answer('decline')}>
                  {t('offer.decline')}
                </ActButton>
              </>
            )}
          </Group>
        )}
        {offer.order_id && <ToOrder id={offer.order_id} own={own} />}
      </Stack>
    </Card>
  );
}

/** Drawn again only when it changes: a long conversation has many. */
export const Bubble = memo(function Bubble({ message, own, day, seen, conversation }: { message: Message; own: boolean; day: string | null; seen?: string; conversation: string }) {
  const { t } = useTranslation('inbox');
  const f = useFormats();
  return (
    <>
      {day && <div className={classes.day}>{day}</div>}
      <div className={message.offer ? classes.offer : classes.bubble} data-own={own || undefined}>
        {message.text && !message.offer && (
          <div className="pre">
            <Linked text={message.text} />
          </div>
        )}
        <FileList ids={message.files} />
        {message.offer && <OfferCard offer={message.offer} own={own} conversation={conversation} />}
      </div>
      <div className={classes.meta} data-own={own || undefined}>
        <VisuallyHidden>{own ? t('you') : message.from.username} </VisuallyHidden>
        <time dateTime={message.created_at}>{f.clock(message.created_at)}</time>
        {seen && (
          <>
            {' · '}
            <time dateTime={seen}>{t('seen', { when: f.day(seen) === f.day(message.created_at) ? f.clock(seen) : f.time(seen) })}</time>
          </>
        )}
      </div>
    </>
  );
});

export function WaitingBubble({ message, again, giveUp }: { message: Waiting; again: () => void; giveUp: () => void }) {
  const { t } = useTranslation('inbox');
  const say = useProblemText();
  return (
    <>
      <div className={classes.bubble} data-own data-waiting>
        <div className="pre">{message.text}</div>
      </div>
      <div className={classes.meta} data-own role="status">
        {message.failed ? (
          <Group gap={8}>
            <Text size="xs" c="var(--mantine-color-error)">
              {t('not_sent')} {say(message.failed)}
            </Text>
            <Button size="compact-xs" variant="default" onClick={again}>
              {t('common:error.retry')}
            </Button>
            <Button size="compact-xs" variant="subtle" onClick={giveUp}>
              {t('common:action.delete')}
            </Button>
          </Group>
        ) : (
          <Group gap={8}>
            {t(message.tries ? 'sent_later' : 'sending')}
            {message.tries > 0 && (
              <Button size="compact-xs" variant="subtle" onClick={giveUp}>
                {t('common:action.delete')}
              </Button>
            )}
          </Group>
        )}
      </div>
    </>
  );
}
