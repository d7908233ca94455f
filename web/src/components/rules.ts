// What several forms ask of a field. The services check the same; these only spare a way.

/** Any number field: empty is not a number. */
export const isWhole = (value: string | number, min: number, max: number) => value !== '' && Number.isInteger(Number(value)) && Number(value) >= min && Number(value) <= max;

export const isEmail = (text: string) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text.trim());

export const isGoodPassword = (text: string) => text.length >= 10 && text.length <= 128;

export function isWebAddress(text: string): boolean {
  try {
    return new URL(text).protocol === 'https:';
  } catch {
    return false;
  }
}
