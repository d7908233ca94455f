// What several forms ask of a field. The services check the same; these only spare a way.

export interface Bounds {
  min: number;
  max: number;
}

const within = (n: number, { min, max }: Bounds) => n >= min && n <= max;

/** Any number field: empty is not a number. */
export const isWhole = (value: string | number, bounds: Bounds) => value !== '' && Number.isInteger(Number(value)) && within(Number(value), bounds);

/** An amount as it is typed, in whole units; the bounds are in the smallest. */
export const isPrice = (value: string | number, bounds: Bounds) => value !== '' && within(Math.round(Number(value) * 100), bounds);

/** As many characters, blanks around them not counted. */
export const hasLength = (text: string, bounds: Bounds) => within([...text.trim()].length, bounds);

export const hasCount = (list: unknown[], bounds: Bounds) => within(list.length, bounds);

export const isEmail = (text: string) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text.trim());

export const isGoodPassword = (text: string) => text.length >= 10 && text.length <= 128;

export function isWebAddress(text: string): boolean {
  try {
    return new URL(text).protocol === 'https:';
  } catch {
    return false;
  }
}
