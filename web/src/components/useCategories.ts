import { queryOptions, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { api, got } from '~/api/client';
import { keys } from '~/api/keys';
import type { Category } from '~/api/types';

/** The categories, and the currency of all prices here. */
export const catalogue = queryOptions({ queryKey: keys.categories, staleTime: Infinity, queryFn: () => got(api.GET('/categories')) });

/** The categories, and their names in the language that is read. */
export function useCategories() {
  const { i18n } = useTranslation();
  const { data, error, refetch } = useQuery(catalogue);
  return useMemo(() => {
    const language = i18n.language === 'es' ? 'es' : 'en';
    const items: Category[] = data?.items ?? [];
    const name = (id: string) => items.find((c) => c.id === id)?.name[language] ?? id;
    const subcategory = (category: string, id: string) =>
      items.find((c) => c.id === category)?.subcategories.find((s) => s.id === id)?.name[language] ?? id;
    return { items, currency: data?.currency, name, subcategory, language: language as 'en' | 'es', error, refetch };
  }, [data, i18n.language, error, refetch]);
}
