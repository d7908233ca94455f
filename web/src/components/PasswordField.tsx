import { PasswordInput, type PasswordInputProps } from '@mantine/core';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';

/** A password that can be shown. The library tells nobody but the eyes what is wrong with it: this tells all. */
export function PasswordField(props: PasswordInputProps) {
  const { t } = useTranslation();
  const id = useId();
  const told = [props.error && `${id}-error`, props.description && `${id}-description`].filter(Boolean).join(' ');
  return (
    <PasswordInput
      id={id}
      aria-invalid={props.error ? true : undefined}
      aria-describedby={told || undefined}
      visibilityToggleButtonProps={{ 'aria-label': t('action.show_password') }}
      {...props}
    />
  );
}
