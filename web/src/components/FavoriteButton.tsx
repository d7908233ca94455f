import { ActionIcon } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Heart } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useLocation, useNavigate } from 'react-router';
import { api, got } from '~/api/client';
import { keys } from '~/api/keys';
import { useSession } from '~/session/session';
import { useProblemText } from './states';

/** The ids of all favourites: people have few, and every card asks. */
export function useFavoriteIds() {
  const { account } = useSession();
  return useQuery({
    queryKey: [...keys.favorites, 'ids'],
    enabled: Boolean(account),
    staleTime: 300_000,
    queryFn: async () => {
      const ids: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await got(api.GET('/users/me/favorites', { params: { query: { limit: 100, cursor } } }));
        ids.push(...page.items.map((i) => i.gig_id));
        cursor = page.next_cursor ?? undefined;
      } while (cursor && ids.length < 1000);
      return ids;
    },
  });
}

export function FavoriteButton({ gigId, title }: { gigId: string; title: string }) {
  const { t } = useTranslation();
  const { account } = useSession();
  const navigate = useNavigate();
  const here = useLocation();
  const client = useQueryClient();
  const say = useProblemText();
  const key = [...keys.favorites, 'ids'];
  const { data: ids } = useFavoriteIds();
  const on = ids?.includes(gigId) ?? false;

  const change = useMutation({
    mutationFn: async (wanted: boolean) => {
      const params = { path: { gig_id: gigId } };
      if (wanted) await api.PUT('/users/me/favorites/{gig_id}', { params });
      else await api.DELETE('/users/me/favorites/{gig_id}', { params });
    },
    onMutate: async (wanted) => {
      await client.cancelQueries({ queryKey: key });
      const before = client.getQueryData<string[]>(key);
      client.setQueryData<string[]>(key, (all = []) => (wanted ? [...all, gigId] : all.filter((id) => id !== gigId)));
      return { before };
    },
    onError: (error, _wanted, context) => {
      client.setQueryData(key, context?.before);
      notifications.show({ color: 'red', message: say(error) });
    },
    onSettled: () => client.invalidateQueries({ queryKey: keys.favorites }),
  });

  return (
    <ActionIcon
      variant="default"
      radius="xl"
      size={36}
      aria-pressed={on}
      aria-label={t(on ? 'gig.unfavorite' : 'gig.favorite', { title })}
      onClick={() => {
        if (account) change.mutate(!on);
        else void navigate(`/signin?next=${encodeURIComponent(here.pathname + here.search)}`);
      }}
    >
      <Heart size={18} fill={on ? '#d6336c' : 'none'} color={on ? '#d6336c' : 'currentColor'} aria-hidden />
    </ActionIcon>
  );
}
