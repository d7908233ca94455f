import type { FormErrors } from '@mantine/form';
import { useEffect, useRef, useState } from 'react';
import { ApiError } from '~/api/problem';
import { useProblemText } from './states';
import { useFieldText } from './useFieldText';

/** "/packages/0/price/amount" as the form's own path, "packages.0.price.amount"; `within`: the part of the body that the form is. */
const pathOf = (pointer: string, within: string) => (within && pointer.startsWith(`${within}/`) ? pointer.slice(within.length) : pointer).replace(/^\//, '').replaceAll('/', '.');

/** The path of the field that shows what is at `path`: a list of plain words is one field ("/links/0" is "links"). */
export function fieldOf(path: string, values: object): string {
  const parts = path.split('.');
  let at: unknown = values;
  for (const [i, part] of parts.entries()) {
    if (Array.isArray(at) && typeof at[Number(part)] !== 'object') return parts.slice(0, i).join('.');
    at = (at as Record<string, unknown> | null)?.[part];
  }
  return path;
}

interface ErrorForm {
  setErrors: (errors: FormErrors) => void;
  getValues: () => object;
}

/**
 * Sends a form once at a time and puts what the server says where it belongs: at the fields it names,
 * the rest above the form. Gives whether it was accepted.
 */
export function useServerForm(form: ErrorForm, within = '') {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const say = useProblemText();
  const sayOf = useFieldText();
  const pressed = useRef<Element | null>(null);

  // A button that waits is disabled, and so loses the focus; it has it again when it can be pressed again.
  useEffect(() => {
    const before = pressed.current;
    if (busy) return;
    pressed.current = null;
    if (before instanceof HTMLElement && before.isConnected && document.activeElement === document.body) before.focus({ preventScroll: true });
  }, [busy]);

  const submit = async (send: () => Promise<void>): Promise<boolean> => {
    if (busy) return false;
    pressed.current = document.activeElement;
    setBusy(true);
    setProblem(null);
    try {
      await send();
      return true;
    } catch (error) {
      const named = error instanceof ApiError ? (error.problem.errors ?? []) : [];
      const known = named.filter((e) => (pathOf(e.pointer, within).split('.')[0] ?? '') in form.getValues());
      const values = form.getValues();
      form.setErrors(Object.fromEntries(known.map((e) => [fieldOf(pathOf(e.pointer, within), values), sayOf(e)])));
      if (known.length === 0) setProblem(say(error));
      else focusFirstError();
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, problem, setProblem, submit };
}

/** After the errors are painted. */
export function focusFirstError() {
  // A group of choices has its mark on the whole.
  requestAnimationFrame(() => document.querySelector<HTMLElement>('[aria-invalid="true"], [data-wrong] input')?.focus());
}
