import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

export interface Difference {
  label: string;
  theirs: string;
}

/** Something was saved elsewhere since it was opened here: what is different there, and which of the two is to hold. */
export function Conflict({ differences, load, keep, busy }: { differences: Difference[]; load: () => void; keep: () => void; busy: boolean }) {
  const { t } = useTranslation();
  return (
    <Alert color="yellow" title={t('conflict.title')} role="alert">
      <Stack gap="sm" align="flex-start">
        <Text>{t('conflict.hint')}</Text>
        {differences.length > 0 && (
          <ul>
            {differences.map((d) => (
              <li key={d.label}>
                <strong>{d.label}:</strong> <span className="pre">{d.theirs}</span>
              </li>
            ))}
          </ul>
        )}
        <Group>
          <Button variant="default" onClick={load}>
            {t('conflict.load')}
          </Button>
          <Button variant="default" onClick={keep} loading={busy}>
            {t('conflict.keep')}
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}

const longest = 160;

/** In which of these fields two versions differ, with what the newer one has there. */
export function differences<T extends object>(before: T, newer: T, fields: [keyof T, string, (value: T) => string][]): Difference[] {
  return fields
    .filter(([name]) => JSON.stringify(before[name]) !== JSON.stringify(newer[name]))
    .map(([, label, text]) => {
      const theirs = text(newer);
      return { label, theirs: theirs.length > longest ? `${theirs.slice(0, longest)}…` : theirs };
    });
}
