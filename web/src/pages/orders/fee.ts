import type { Money } from '~/api/types';

/** What the buyer pays for the platform: 5.5 %, and 2.00 when the price is under 75.00; rounded half up. */
export function buyersFee(price: Money): Money {
  const part = Math.floor((price.amount * 55 + 500) / 1000);
  return { ...price, amount: part + (price.amount < 7500 ? 200 : 0) };
}
