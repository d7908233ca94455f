import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { api, got } from '~/api/client';
import { keys } from '~/api/keys';
import type { Category } from '~/api/types';

/** The categories, and their names in the language that is read. */
export function useCategories() {
  const { i18n } = useTranslation();
  const { data, error, refetch } = useQuery({
    queryKey: keys.categories,
    staleTime: Infinity,
    queryFn: async () => (await got(api.GET('/categories'))).items,
  });
  return useMemo(() => {
    const language = i18n.language === 'es' ? 'es' : 'en';
    const items: Category[] = data ?? [];
    const name = (id: string) => items.find((c) => c.id === id)?.name[language] ?? id;
    const subcategory = (category: string, id: string) =>
      items.find((c) => c.id === category)?.subcategories.find((s) => s.id === id)?.name[language] ?? id;
    return { items, name, subcategory, language: language as 'en' | 'es', error, refetch };
  }, [data, i18n.language, error, refetch]);
}
