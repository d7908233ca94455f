import { NumberInput, Text, type NumberInputProps } from '@mantine/core';
import '@mantine/core/styles/NumberInput.css';
import { useFormats } from '~/i18n/format';

/** What a person asks for their work, with the cents behind the mark that their language (and their keyboard) has for it. */
export function PriceInput({ currency, ...rest }: NumberInputProps & { currency: string }) {
  const { decimalMark } = useFormats();
  return (
    <NumberInput
      clampBehavior="none"
      leftSection={currency && <Text size="sm">{currency}</Text>}
      leftSectionWidth={52}
      min={5}
      max={10000}
      decimalScale={2}
      decimalSeparator={decimalMark}
      allowedDecimalSeparators={['.', ',']}
      {...rest}
    />
  );
}
