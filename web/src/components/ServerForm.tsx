import { Button, Stack, type StackProps } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import type { ReactNode } from 'react';
import { FormProblem } from './FormProblem';
import { focusFirstError } from './useServerForm';

interface Props<V extends Record<string, unknown>> extends Omit<StackProps, 'onSubmit'> {
  form: UseFormReturnType<V>;
  /** What useServerForm() gives. */
  sending: { busy: boolean; problem: string | null };
  send: (values: V) => unknown;
  button: string;
  /** What stands below the button. */
  after?: ReactNode;
}

/** A form that is sent to the server: what is wrong as a whole above the fields, the button below. */
export function ServerForm<V extends Record<string, unknown>>({ form, sending, send, button, after, children, ...stack }: Props<V>) {
  return (
    <form onSubmit={form.onSubmit((v) => void send(v), focusFirstError)} noValidate>
      <Stack {...stack}>
        <FormProblem text={sending.problem} />
        {children}
        <Button type="submit" loading={sending.busy} size="md">
          {button}
        </Button>
        {after}
      </Stack>
    </form>
  );
}
