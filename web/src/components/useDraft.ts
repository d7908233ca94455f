import { useEffect, useState } from 'react';

/** What was typed and not sent yet, kept in this browser until it is. */
export function useDraft<T>(key: string, empty: T): { initial: T; found: boolean; keep: (value: T) => void; forget: () => void } {
  const [kept] = useState<T | null>(() => {
    try {
      return JSON.parse(localStorage.getItem(key) ?? 'null') as T | null;
    } catch {
      return null;
    }
  });
  return {
    initial: kept ? { ...empty, ...kept } : empty,
    found: kept !== null,
    keep: (value) => {
      try {
        localStorage.setItem(key, JSON.stringify(value));
      } catch {
        // Then a reload loses it, as everywhere else.
      }
    },
    forget: () => localStorage.removeItem(key),
  };
}

/** Asks before the page is left with something unsaved in it. */
export function useLeaveGuard(dirty: boolean) {
  useEffect(() => {
    if (!dirty) return;
    const ask = (e: BeforeUnloadEvent) => e.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [dirty]);
}
