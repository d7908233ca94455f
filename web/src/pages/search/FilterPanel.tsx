import '@mantine/core/styles/Radio.css';
import '@mantine/core/styles/NumberInput.css';
import { ActionIcon, Group, NativeSelect, NumberInput, Radio, Stack, Text, UnstyledButton } from '@mantine/core';
import { ChevronRight } from 'lucide-react';
import { useEffect, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import type { Found } from '~/api/types';
import { useCategories } from '~/components/useCategories';
import { useFormats } from '~/i18n/format';
import { changed, queryOf } from './filters';
import classes from './FilterPanel.module.css';

type Facets = Found['facets'];
interface Choice {
  value: string;
  label: string;
  count: number;
}

function useFilter() {
  const [params, setParams] = useSearchParams();
  return {
    params,
    query: queryOf(params),
    set: (changes: Record<string, string | undefined>) => setParams(changed(params, changes), { preventScrollReset: true }),
  };
}

function Choices({ title, name, all, choices }: { title: string; name: string; all: string; choices: Choice[] }) {
  const f = useFormats();
  const { params, set } = useFilter();
  return (
    <Radio.Group label={title} value={params.get(name) ?? ''} onChange={(value) => set({ [name]: value || undefined })} classNames={{ label: classes.title }}>
      <Stack gap={8} mt={8}>
        <Radio value="" label={all} />
        {choices.map((c) => (
          <Radio
            key={c.value}
            value={c.value}
            label={
              <span className={classes.choice}>
                <span>{c.label}</span>
                <span className={classes.count}>{f.number(c.count)}</span>
              </span>
            }
            classNames={{ body: classes.body, labelWrapper: classes.wide, label: classes.wide }}
          />
        ))}
      </Stack>
    </Radio.Group>
  );
}

function CategoryFilter({ facets }: { facets?: Facets }) {
  const { t } = useTranslation('search');
  const f = useFormats();
  const categories = useCategories();
  const { query, set } = useFilter();
  const inside = query.category;
  const counted = (inside ? facets?.subcategory : facets?.category) ?? [];
  const name = (id: string) => (inside ? categories.subcategory(inside, id) : categories.name(id));
  const current = inside ? query.subcategory : undefined;
  return (
    <nav aria-label={t('category')}>
      <Text className={classes.title}>{t('category')}</Text>
      <Stack gap={2} mt={6}>
        {inside && (
          <UnstyledButton className={classes.link} onClick={() => set({ category: undefined, subcategory: undefined })}>
            ‹ {t('all_categories')}
          </UnstyledButton>
        )}
        {inside && <Text fw={600} px={8} py={4}>{categories.name(inside)}</Text>}
        {counted.map((c) => (
          <UnstyledButton
            key={c.value}
            className={classes.link}
            aria-current={current === c.value ? 'true' : undefined}
            onClick={() => set(inside ? { subcategory: current === c.value ? undefined : c.value } : { category: c.value })}
          >
            <span>{name(c.value)}</span>
            <span className={classes.count}>{f.number(c.count)}</span>
          </UnstyledButton>
        ))}
      </Stack>
    </nav>
  );
}

function PriceFilter() {
  const { t } = useTranslation('search');
  const { query, set } = useFilter();
  const [min, setMin] = useState<string | number>('');
  const [max, setMax] = useState<string | number>('');
  useEffect(() => {
    setMin(query.min_price ? query.min_price / 100 : '');
    setMax(query.max_price ? query.max_price / 100 : '');
  }, [query.min_price, query.max_price]);
  const minor = (value: string | number) => (Number(value) > 0 ? String(Math.round(Number(value) * 100)) : undefined);
  const apply = (e: FormEvent) => {
    e.preventDefault();
    set({ min_price: minor(min), max_price: minor(max) });
  };
  return (
    <form onSubmit={apply}>
      <fieldset className={classes.fieldset}>
        <legend className={classes.title}>{t('price')}</legend>
        <Group gap={8} mt={8} wrap="nowrap" align="flex-end">
          <NumberInput label={t('min')} size="sm" min={0} max={100000} hideControls value={min} onChange={setMin} />
          <NumberInput label={t('max')} size="sm" min={0} max={100000} hideControls value={max} onChange={setMax} />
          <ActionIcon type="submit" size={36} variant="default" aria-label={t('apply')} style={{ flex: 'none' }}>
            <ChevronRight size={18} aria-hidden />
          </ActionIcon>
        </Group>
      </fieldset>
    </form>
  );
}

function CountedSelect({ title, name, all, items, label }: { title: string; name: string; all: string; items: Facets['country']; label: (id: string) => string }) {
  const f = useFormats();
  const { params, set } = useFilter();
  const value = params.get(name) ?? '';
  const counted = items.some((i) => i.value === value) || !value ? items : [...items, { value, count: 0 }];
  return (
    <NativeSelect
      label={title}
      value={value}
      onChange={(e) => set({ [name]: e.currentTarget.value || undefined })}
      classNames={{ label: classes.title }}
      data={[
        { value: '', label: all },
        ...counted.map((c) => ({ value: c.value, label: `${label(c.value)} (${f.number(c.count)})` })),
      ]}
    />
  );
}

/** All filters, with how many gigs each would leave. They live in the address. */
export function FilterPanel({ facets }: { facets?: Facets }) {
  const { t } = useTranslation('search');
  const f = useFormats();
  // Ranges are counted apart; a shopper asks for "at most" and "at least".
  const upTo = (days: number) => (facets?.delivery_days ?? []).filter((r) => r.from <= days).reduce((sum, r) => sum + r.count, 0);
  const from = (rating: number) => (facets?.rating ?? []).filter((r) => r.from >= rating * 100 || (r.from <= 5 && r.from >= rating)).reduce((sum, r) => sum + r.count, 0);
  return (
    <Stack gap="lg">
      <CategoryFilter facets={facets} />
      <PriceFilter />
      <Choices title={t('delivery')} name="delivery_days" all={t('any_time')} choices={[1, 3, 7, 14].map((d) => ({ value: String(d), label: t('in_days', { count: d }), count: upTo(d) }))} />
      <Choices title={t('rating')} name="min_rating" all={t('any_rating')} choices={[4.5, 4, 3].map((r) => ({ value: String(r), label: t('from_rating', { rating: f.average(r) }), count: from(r) }))} />
      <CountedSelect title={t('country')} name="country" all={t('any_country')} items={facets?.country ?? []} label={f.country} />
      <CountedSelect title={t('language')} name="language" all={t('any_language')} items={facets?.language ?? []} label={f.languageName} />
    </Stack>
  );
}
