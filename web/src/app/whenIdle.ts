/** Calls back when the page has loaded and has time, at the latest some seconds after; gives how to forget it. */
export function whenIdle(work: () => void): () => void {
  let gone = false;
  const go = () => void (!gone && work());
  const wait = () => {
    if ('requestIdleCallback' in window) requestIdleCallback(go, { timeout: 3_000 });
    else setTimeout(go, 1_000);
  };
  if (document.readyState === 'complete') wait();
  else window.addEventListener('load', wait, { once: true });
  return () => {
    gone = true;
  };
}
