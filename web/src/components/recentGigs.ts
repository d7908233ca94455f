const key = 'oficio-recent-gigs';

/** The gigs that were looked at last in this browser, newest first; told to nobody. */
export function recentGigs(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
    return Array.isArray(kept) ? kept.filter((id) => typeof id === 'string').slice(0, 8) : [];
  } catch {
    return [];
  }
}

export function rememberGig(id: string) {
  try {
    localStorage.setItem(key, JSON.stringify([id, ...recentGigs().filter((other) => other !== id)].slice(0, 8)));
  } catch {
    // Without storage there are no recent gigs.
  }
}
