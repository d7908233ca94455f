import { Button, Card, Group, NumberInput, Stack, Textarea, TextInput, Title } from '@mantine/core';
import '@mantine/core/styles/NumberInput.css';
import { useTranslation } from 'react-i18next';
import { PriceInput } from '~/components/PriceInput';
import { useCategories } from '~/components/useCategories';
import type { GigFormApi } from './GigEditorPage';
import { emptyPackage, packageNames } from './gigForm';
import classes from './Selling.module.css';

/** One to three packages, cheapest first. */
export function PackageFieldset({ form }: { form: GigFormApi }) {
  const { t } = useTranslation('selling');
  const { currency } = useCategories();
  const { packages } = form.values;
  const next = packageNames.find((name) => !packages.some((p) => p.name === name));
  return (
    <Card withBorder padding="lg">
      <Stack>
        <Title order={2} fz={20}>
          {t('packages')}
        </Title>
        <div className={classes.packages}>
          {packages.map((p, i) => (
            <Card key={p.name} withBorder padding="md" component="fieldset" m={0}>
              <Stack gap="sm">
                <Title order={3} fz={16}>
                  {t(`package.${p.name}`)}
                </Title>
                <TextInput label={t('package_title')} maxLength={60} {...form.getInputProps(`packages.${i}.title`)} />
                <Textarea label={t('package_description')} autosize minRows={3} maxLength={1000} {...form.getInputProps(`packages.${i}.description`)} />
                <PriceInput label={t('price')} currency={currency ?? ''} {...form.getInputProps(`packages.${i}.price`)} />
                <Group grow align="flex-start">
                  <NumberInput clampBehavior="none" label={t('days')} min={1} max={90} allowDecimal={false} {...form.getInputProps(`packages.${i}.delivery_days`)} />
                  <NumberInput clampBehavior="none" label={t('revisions')} min={0} max={20} allowDecimal={false} {...form.getInputProps(`packages.${i}.revisions`)} />
                </Group>
                {packages.length > 1 && (
                  <Button variant="subtle" size="compact-sm" onClick={() => form.removeListItem('packages', i)}>
                    {t('remove_package')}
                  </Button>
                )}
              </Stack>
            </Card>
          ))}
        </div>
        {next && (
          <Group>
            <Button variant="default" onClick={() => form.insertListItem('packages', emptyPackage(next))}>
              {t('add_package', { name: t(`package.${next}`) })}
            </Button>
          </Group>
        )}
      </Stack>
    </Card>
  );
}
