import { buyersFeeOfPrice } from '~/api/schema/rules';
import type { Money } from '~/api/types';

/** What the buyer pays for the platform: a part of the price, rounded half up, and something more for a small order. */
export function buyersFee(price: Money): Money {
  const { basis_points, small, small_under } = buyersFeeOfPrice;
  const part = Math.floor((price.amount * basis_points + 5_000) / 10_000);
  return { ...price, amount: part + (price.amount < small_under ? small : 0) };
}
