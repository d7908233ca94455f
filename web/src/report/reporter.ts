import { onCLS, onFCP, onINP, onLCP, onTTFB, type Metric } from 'web-vitals';
import { exitLine, lineOf, metadata, type Visit, type Vitals } from './lines';
import { Post } from './post';
import { currentPage, deliverTo, endAll } from './trace';

declare const __VERSION__: string;

/** The id of a visit says nothing of who it is, and is forgotten with the tab. */
function idOfVisit(): string {
  const made = () => Array.from(crypto.getRandomValues(new Uint8Array(8)), (b) => b.toString(16).padStart(2, '0')).join('');
  try {
    const kept = sessionStorage.getItem('oficio-visit') ?? made();
    sessionStorage.setItem('oficio-visit', kept);
    return kept;
  } catch {
    return made(); // storage may be forbidden
  }
}

/** Takes what the page has told so far, and from now on sends it to the gateway. */
export function startReporter() {
  let sequence = 0;
  let session: Visit | undefined;
  const vitals: Vitals = {};
  const post = new Post(() => metadata(__VERSION__));
  let told = '';

  const measured = ({ name, value }: Metric) => {
    vitals[name as keyof Vitals] = value;
  };
  onTTFB(measured);
  onFCP(measured);
  // The page's loading is told with its paints, which the browser tells a moment after it is asked for them.
  const begin = (): Visit => {
    if (session) return session;
    const visit = (session = { id: idOfVisit(), next: () => ++sequence });
    clearTimeout(unseen);
    deliverTo((fact) => post.add(lineOf(fact, vitals, visit)));
    return visit;
  };
  const unseen = setTimeout(begin, 1_000); // a page that is not looked at has none
  onLCP(
    (metric) => {
      measured(metric);
      begin();
    },
    { reportAllChanges: true },
  );
  onCLS(measured, { reportAllChanges: true });
  onINP(measured, { reportAllChanges: true });

  // A page that is hidden may never be seen again. What it measured is told once, and again only if it has changed.
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'hidden') return;
    const visit = begin();
    endAll();
    const now = JSON.stringify([vitals.INP, vitals.LCP, vitals.CLS]);
    if (now !== told) post.add(exitLine(currentPage(), vitals, visit, post.lost));
    told = now;
    post.leave();
  });
}
