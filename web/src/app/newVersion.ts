// A part of the program that cannot be fetched: the network is away, or a new version has replaced it.
const place = 'oficio-afresh'; // public/scheme.js knows it too
const pause = 20_000; // ms between two

/** Whether an import failed because its file, or the styles of it, did not come; each browser says it in its own words. */
export const isMissingPart = (e: unknown) => e instanceof Error && /dynamically imported|module script|preload CSS/i.test(e.message);

let goingTo: () => string | undefined = () => undefined;

/** Tells the address that is gone to while its page is not shown yet. */
export const knowWay = (tell: typeof goingTo) => void (goingTo = tell);

/**
 * Loads the page, or the one that is gone to, again, with the version that the server has now. False, and nothing is done, while the network is
 * away, and where that was tried just now: it does not help, then.
 */
export function loadAfresh(): boolean {
  try {
    if (!navigator.onLine || Date.now() - Number(sessionStorage.getItem(place) ?? 0) < pause) return false;
    sessionStorage.setItem(place, String(Date.now()));
  } catch {
    return false; // without a memory it might go on for ever
  }
  const next = goingTo();
  if (next) window.location.assign(next);
  else window.location.reload();
  return true;
}
