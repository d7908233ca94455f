import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { useCategories } from '~/components/useCategories';
import { useFormats } from '~/i18n/format';

/** A filter as it is told to people: "From $50", "Argentina". */
export function useFilterNames() {
  const { t } = useTranslation('search');
  const f = useFormats();
  const categories = useCategories();
  const [params] = useSearchParams();
  const { currency } = categories;
  const money = (minor: string) => (currency ? f.money({ amount: Number(minor), currency }, true) : f.number(Number(minor) / 100));
  return (name: string, value: string): string => {
    switch (name) {
      case 'category':
        return categories.name(value);
      case 'subcategory':
        return categories.subcategory(params.get('category') ?? '', value);
      case 'country':
        return f.country(value);
      case 'language':
        return f.languageName(value);
      case 'min_price':
        return t('from_price', { price: money(value) });
      case 'max_price':
        return t('to_price', { price: money(value) });
      case 'delivery_days':
        return t('in_days', { count: Number(value) });
      case 'min_rating':
        return t('from_rating', { rating: f.average(Number(value)) });
      case 'seller':
        return t('by_seller', { seller: value });
      default:
        return value;
    }
  };
}
