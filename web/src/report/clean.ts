// What leaves this browser speaks of the program, and never of its people: no text that somebody wrote, no names, no addresses.

export const cut = (text: string, most: number) => (text.length > most ? `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…` : text);

const ids = /\b[0-9a-f]{8}-[0-9a-f-]{27,}\b|\b\d{5,}\b/gi;
const mails = /[^\s"'<>()]+@[^\s"'<>()]+/g;
const addresses = /\b(https?:\/\/[^\s"'<>()/?#]+)[^\s"'<>()]*/g;
// Engines quote what they were given with " or “”; names of the program's own things stand in ' '.
const quotes = /"[^"]*"?|“[^”]*”?|`[^`]*`?|«[^»]*»?/g;

/** A message of the browser's, without what may have been somebody's. */
export function cleanMessage(text: string): string {
  return cut(text.replace(addresses, '$1/…').replace(quotes, '"…"').replace(mails, '…@…').replace(ids, '#'), 500);
}

/** An address on this site with the names of its query alone: "/search?category&q". */
export function cleanQuery(search: string): string {
  const names = [...new Set([...new URLSearchParams(search).keys()].map((name) => name.replace(/[^\w.-]/g, '').slice(0, 30)))].filter(Boolean).sort().slice(0, 10);
  return names.length ? `?${names.join('&')}` : '';
}

/** From where the person came: another site by its name alone, nothing of this one. */
export function cleanReferrer(referrer: string): string {
  try {
    const from = new URL(referrer);
    return from.origin === location.origin ? '' : `${from.origin}/`;
  } catch {
    return '';
  }
}

export interface Frame {
  abs_path: string;
  filename: string;
  function: string;
  lineno: number;
  colno: number;
}

/** The stack in the order of the intake's format: the innermost call first. */
export function framesOf(stack: string): Frame[] {
  const frames: Frame[] = [];
  for (const line of stack.split('\n')) {
    // "    at name (https://host/assets/a.js:1:2)" of V8, "name@https://host/assets/a.js:1:2" of the others
    const found = /(?:at\s+)?(?:(?:async\s+)?([^\s(@]*(?:\s\[as [\w$]+\])?)\s*[(@])?\(?(https?:\/\/[^\s)]+?|<anonymous>):(\d+):(\d+)\)?\s*$/.exec(line);
    if (!found) continue;
    const [, name, at = '', lineno, colno] = found;
    const path = at.replace(/^https?:\/\/[^/]+/, '').replace(/[?#].*$/, '');
    frames.push({
      abs_path: cut(path, 300),
      filename: cut(path.slice(path.lastIndexOf('/') + 1), 120),
      function: cut(name || '<anonymous>', 120),
      lineno: Number(lineno),
      colno: Number(colno),
    });
    if (frames.length === 50) break;
  }
  return frames;
}
