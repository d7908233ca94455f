import { ActionIcon, Combobox, Text, TextInput, useCombobox } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Search } from 'lucide-react';
import { useEffect, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import { api, got } from '~/api/client';
import type { Suggestions } from '~/api/types';
import { useCategories } from './useCategories';

type Suggestion = Suggestions['items'][number];

const recentKey = 'oficio-searches';
function recentSearches(): string[] {
  try {
    return JSON.parse(localStorage.getItem(recentKey) ?? '[]') as string[];
  } catch {
    return [];
  }
}
function remember(text: string) {
  try {
    localStorage.setItem(recentKey, JSON.stringify([text, ...recentSearches().filter((s) => s !== text)].slice(0, 6)));
  } catch {
    // Nothing is lost but comfort.
  }
}

/** The search with suggestions as one types. Enter searches for the text itself. */
export function SearchBox({ size = 'md' }: { size?: 'md' | 'lg' }) {
  const { t } = useTranslation();
  const categories = useCategories();
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const inUrl = params.get('q') ?? '';
  const [text, setText] = useState(inUrl);
  useEffect(() => setText(inUrl), [inUrl]);
  const [typed] = useDebouncedValue(text.trim(), 40, { leading: true });
  const box = useCombobox({ onDropdownClose: () => box.resetSelectedOption() });

  const { data } = useQuery({
    queryKey: ['suggest', typed],
    enabled: typed.length >= 2 && box.dropdownOpened,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    queryFn: ({ signal }) => got(api.GET('/gigs/suggest', { params: { query: { q: typed } }, signal })),
  });
  const items: Suggestion[] =
    typed.length >= 2 ? (data?.items ?? []) : recentSearches().map((s) => ({ text: s, kind: 'title' as const }));

  const go = (query: string) => {
    box.closeDropdown();
    if (query) remember(query);
    void navigate(`/search${query ? `?q=${encodeURIComponent(query)}` : ''}`);
  };
  // The service completes in the language of what was typed; a category has the name that the page gives it everywhere.
  const textOf = (item: Suggestion) =>
    item.kind === 'subcategory' && item.category && item.subcategory && categories.items.length > 0 ? categories.subcategory(item.category, item.subcategory) : item.text;
  const choose = (index: number) => {
    const item = items[index];
    if (!item) return;
    if (item.kind === 'subcategory') {
      box.closeDropdown();
      void navigate(`/search?category=${item.category ?? ''}&subcategory=${item.subcategory ?? ''}`);
      return;
    }
    setText(item.text);
    go(item.text);
  };
  const submit = (e: FormEvent) => {
    e.preventDefault();
    go(text.trim());
  };

  return (
    <form role="search" onSubmit={submit}>
      <Combobox store={box} onOptionSubmit={(value) => choose(Number(value))} withinPortal keepMounted={false} position="bottom-start">
        <Combobox.Target>
          <TextInput
            type="search"
            size={size}
            maxLength={200}
            autoComplete="off"
            aria-label={t('search.label')}
            placeholder={t('search.placeholder')}
            value={text}
            onChange={(e) => {
              setText(e.currentTarget.value);
              box.openDropdown();
              box.resetSelectedOption();
            }}
            onKeyDown={(e) => {
              // Browsers empty a search field with Escape; here it first closes what is open.
              if (e.key === 'Escape' && box.dropdownOpened) e.preventDefault();
            }}
            onFocus={() => box.openDropdown()}
            onBlur={() => box.closeDropdown()}
            rightSectionWidth={size === 'lg' ? 56 : 46}
            rightSection={
              <ActionIcon type="submit" size={size === 'lg' ? 42 : 34} aria-label={t('search.go')}>
                <Search size={18} aria-hidden />
              </ActionIcon>
            }
          />
        </Combobox.Target>
        <Combobox.Dropdown hidden={items.length === 0}>
          <Combobox.Options aria-label={t('search.suggestions')}>
            {items.map((item, index) => (
              <Combobox.Option value={String(index)} key={`${item.kind}-${item.text}`}>
                <Text size="sm">{textOf(item)}</Text>
                {item.kind === 'subcategory' && (
                  <Text size="xs" c="dimmed">
                    {t('search.in_category')}
                  </Text>
                )}
              </Combobox.Option>
            ))}
          </Combobox.Options>
        </Combobox.Dropdown>
      </Combobox>
    </form>
  );
}
