import { Button, Group, Modal, NumberInput, Stack, Textarea } from '@mantine/core';
import '@mantine/core/styles/NumberInput.css';
import { useForm } from '@mantine/form';
import { useDisclosure } from '@mantine/hooks';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { StoredFile } from '~/api/upload';
import { FilePicker } from '~/components/FilePicker';
import { FormProblem } from '~/components/FormProblem';
import { isWhole } from '~/components/rules';
import { focusFirstError, useServerForm } from '~/components/useServerForm';

interface TextFormProps {
  label: string;
  hint?: string;
  button: string;
  field: 'text' | 'message' | 'reason';
  withFiles?: boolean;
  withDays?: boolean;
  send: (text: string, files: string[], days: number) => Promise<void>;
  done?: () => void;
}

/** A text, perhaps with files or days, sent once. */
export function TextForm({ label, hint, button, field, withFiles, withDays, send, done }: TextFormProps) {
  const { t } = useTranslation('orders');
  const [files, setFiles] = useState<StoredFile[]>([]);
  const form = useForm({
    initialValues: { [field]: '', days: 3 } as Record<string, string | number>,
    validate: {
      [field]: (v: string | number) => (String(v).trim() ? null : t('text_needed')),
      days: (v: string | number) => (!withDays || isWhole(v, { min: 1, max: 30 }) ? null : t('extension.days_rule')),
    },
  });
  const { busy, problem, submit } = useServerForm(form);
  const go = async () => {
    const ok = await submit(() => send(String(form.values[field]).trim(), files.map((f) => f.id), Number(form.values['days'])));
    if (ok) done?.();
  };
  return (
    <form onSubmit={form.onSubmit(() => void go(), focusFirstError)} noValidate>
      <Stack>
        <FormProblem text={problem} />
        <Textarea label={label} description={hint} autosize minRows={4} maxRows={14} maxLength={5000} {...form.getInputProps(field)} />
        {withDays && <NumberInput clampBehavior="none" label={t('extension.days')} min={1} max={30} allowDecimal={false} maw={160} {...form.getInputProps('days')} />}
        {withFiles && <FilePicker purpose="order" files={files} change={(next) => setFiles(next)} />}
        <Group>
          <Button type="submit" loading={busy}>
            {button}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface Look {
  variant?: string;
  /** What it does cannot be undone. */
  danger?: boolean;
}
// Mantine's own red of a button without a ground is too pale to be read by everybody.
const red = (variant = 'filled') => (variant === 'filled' ? { color: 'red.9' } : { color: 'red', c: 'var(--mantine-color-error)' });

/** A button that asks for a text in a dialog. */
export function AskButton({ title, variant = 'default', danger, children, ...form }: TextFormProps & Look & { title: string; children: ReactNode }) {
  const { t } = useTranslation();
  const [open, dialog] = useDisclosure(false);
  return (
    <>
      <Button variant={variant} {...(danger ? red(variant) : {})} onClick={dialog.open}>
        {children}
      </Button>
      <Modal opened={open} onClose={dialog.close} title={title} size="lg" closeButtonProps={{ 'aria-label': t('action.close') }}>
        <TextForm {...form} done={dialog.close} />
      </Modal>
    </>
  );
}

/** A button that does something at once and says what went wrong. */
export function ActButton({ act, variant, danger, children }: Look & { act: () => Promise<void>; children: ReactNode }) {
  const form = { setErrors: () => undefined, getValues: () => ({}) };
  const { busy, problem, submit } = useServerForm(form);
  return (
    <Stack gap={6}>
      <FormProblem text={problem} />
      <Button variant={variant} {...(danger ? red(variant) : {})} loading={busy} onClick={() => void submit(act)}>
        {children}
      </Button>
    </Stack>
  );
}
