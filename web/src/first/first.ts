/** A call that was made before the program was here. */
export interface FirstCall {
  answer: Promise<Response>;
  /** The id of its span in the trace of the page's loading. */
  span: string;
  /** ms of performance.now() */
  began: number;
}

export interface First {
  trace: string;
  calls: Record<string, FirstCall>;
}

declare global {
  interface Window {
    oficioFirst?: First;
  }
}

const fresh = 15_000; // ms; an answer that nobody took by then tells of the past

/** The trace that the first calls belong to. */
export const firstTrace = () => window.oficioFirst?.trace;

const place = (url: string) => {
  const { pathname, search } = new URL(url);
  return pathname + search;
};

/** The call for this address that was made already, once. */
export function taken(method: string, url: string): FirstCall | undefined {
  const calls = window.oficioFirst?.calls;
  const at = place(url);
  const call = calls?.[at];
  if (!calls || !call || method !== 'GET') return undefined;
  delete calls[at];
  return performance.now() - call.began < fresh ? call : undefined;
}
