/** From where to where an axis goes, so that each figure is within it; a logarithmic one from a whole power of ten on. */
export function rangeOf(min: number | null, max: number | null, log: boolean): [number, number] {
  if (!log) return [0, Math.max(max ?? 0, 0.1) * 1.1];
  const lowest = min && min > 0 ? Math.max(0.001, 10 ** Math.floor(Math.log10(min))) : 0.1;
  return [Math.min(0.1, lowest), Math.max(max ?? 0, 1) * 1.5];
}
