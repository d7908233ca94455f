import { Container, Text, VisuallyHidden } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Suspense, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import { api } from '~/api/client';
import { keys } from '~/api/keys';
import { LoadError } from '~/components/states';
import { PageTitle } from '~/components/PageTitle';
import { ConversationList } from './ConversationList';
import { Thread } from './Thread';
import classes from './Inbox.module.css';

/** "?with=NAME&gig=ID": opens the one conversation with that person, and goes there. */
function useOpening() {
  const [params] = useSearchParams();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [error, setError] = useState<unknown>(null);
  const asked = useRef('');
  const name = params.get('with') ?? '';
  const gig = params.get('gig') ?? undefined;
  useEffect(() => {
    if (!name || asked.current === name) return;
    asked.current = name;
    api
      .POST('/conversations', { body: { with: name, ...(gig ? { gig_id: gig } : {}) } })
      .then(({ data }) => {
        if (!data) return;
        client.setQueryData(keys.conversation(data.id), data);
        void client.invalidateQueries({ queryKey: keys.conversations });
        void navigate(`/conversations/${data.id}`, { replace: true });
      })
      .catch(setError);
  }, [name, gig, navigate, client]);
  return error;
}

function Page() {
  const { t } = useTranslation('inbox');
  const { id } = useParams();
  const problem = useOpening();
  return (
    <Container size="xl" className={classes.page} data-open={id ? true : undefined}>
      <VisuallyHidden>
        <PageTitle>{t('title')}</PageTitle>
      </VisuallyHidden>
      <div className={classes.side}>
        <Text fz={22} fw={700} mb="sm" aria-hidden>
          {t('title')}
        </Text>
        <ConversationList current={id} />
      </div>
      <section className={classes.thread} aria-label={t('conversation')}>
        {problem ? <LoadError error={problem} /> : id ? <Thread id={id} key={id} /> : <p className={classes.none}>{t('choose')}</p>}
      </section>
    </Container>
  );
}

export function Component() {
  return (
    <Suspense>
      <Page />
    </Suspense>
  );
}
