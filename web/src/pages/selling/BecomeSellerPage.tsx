import { Alert, Button, Card, Container, Group, NativeSelect, NumberInput, Skeleton, Stack, Stepper, TagsInput, Text, Textarea, TextInput } from '@mantine/core';
import '@mantine/core/styles/NumberInput.css';
import '@mantine/core/styles/Pill.css';
import '@mantine/core/styles/PillsInput.css';
import '@mantine/core/styles/Stepper.css';
import { useForm, type UseFormReturnType } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { api, got } from '~/api/client';
import { keys } from '~/api/keys';
import { isStatus } from '~/api/problem';
import { rules } from '~/api/schema/rules';
import type { Seller } from '~/api/types';
import { Conflict, differences } from '~/components/Conflict';
import { FormProblem } from '~/components/FormProblem';
import { PageTitle } from '~/components/PageTitle';
import { hasCount, hasLength, isWebAddress, isWhole } from '~/components/rules';
import { LoadError } from '~/components/states';
import { useDraft } from '~/components/useDraft';
import { useOwnProfile } from '~/components/useOwnProfile';
import { focusFirstError, useServerForm } from '~/components/useServerForm';
import { useFormats } from '~/i18n/format';
import { useAccount } from '~/session/session';
import classes from './Selling.module.css';

interface SellerFields {
  headline: string;
  description: string;
  skills: string[];
  languages: { code: string; level: Seller['languages'][number]['level'] }[];
  education: { school: string; degree: string; year: number | null }[];
  experience: { company: string; title: string; from: number | null; to: number | null }[];
  links: string[];
  response_time_hours: string | number;
}
type SellerForm = UseFormReturnType<SellerFields>;

const languageCodes = ['en', 'es', 'fr', 'de', 'it', 'pt', 'nl', 'pl', 'ru', 'uk', 'tr', 'ar', 'hi', 'zh', 'ja', 'ko', 'sv', 'da', 'fi', 'el', 'cs', 'ro', 'hu', 'ca'];
const levels = ['basic', 'conversational', 'fluent', 'native'] as const;
const empty: SellerFields = { headline: '', description: '', skills: [], languages: [], education: [], experience: [], links: [], response_time_hours: 24 };
const steps: (keyof SellerFields)[][] = [
  ['headline', 'description'],
  ['skills', 'languages'],
  ['education', 'experience', 'links', 'response_time_hours'],
];

function Languages({ form }: { form: SellerForm }) {
  const { t } = useTranslation('selling');
  const f = useFormats();
  return (
    <Stack gap="xs">
      {form.values.languages.map((_, i) => (
        <Group key={i} align="flex-end">
          <NativeSelect label={t('language')} data={languageCodes.map((value) => ({ value, label: f.languageName(value) }))} {...form.getInputProps(`languages.${i}.code`)} />
          <NativeSelect label={t('level_label')} data={levels.map((value) => ({ value, label: t(`level.${value}`) }))} {...form.getInputProps(`languages.${i}.level`)} />
          <Button variant="subtle" onClick={() => form.removeListItem('languages', i)}>
            {t('common:action.delete')}
          </Button>
        </Group>
      ))}
      <Group>
        <Button variant="default" onClick={() => form.insertListItem('languages', { code: languageCodes.find((c) => !form.values.languages.some((l) => l.code === c)) ?? 'en', level: 'fluent' })}>
          {t('add_language')}
        </Button>
      </Group>
      {form.errors['languages'] && (
        <Text size="sm" c="var(--mantine-color-error)" role="alert">
          {form.errors['languages']}
        </Text>
      )}
    </Stack>
  );
}

function Background({ form }: { form: SellerForm }) {
  const { t } = useTranslation('selling');
  return (
    <Stack>
      {form.values.experience.map((_, i) => (
        <Group key={`x${i}`} align="flex-end">
          <TextInput label={t('job')} maxLength={100} {...form.getInputProps(`experience.${i}.title`)} />
          <TextInput label={t('company')} maxLength={100} {...form.getInputProps(`experience.${i}.company`)} />
          <Button variant="subtle" onClick={() => form.removeListItem('experience', i)}>
            {t('common:action.delete')}
          </Button>
        </Group>
      ))}
      {form.values.education.map((_, i) => (
        <Group key={`e${i}`} align="flex-end">
          <TextInput label={t('degree')} maxLength={100} {...form.getInputProps(`education.${i}.degree`)} />
          <TextInput label={t('school')} maxLength={100} {...form.getInputProps(`education.${i}.school`)} />
          <Button variant="subtle" onClick={() => form.removeListItem('education', i)}>
            {t('common:action.delete')}
          </Button>
        </Group>
      ))}
      <Group>
        <Button variant="default" onClick={() => form.insertListItem('experience', { company: '', title: '', from: null, to: null })}>
          {t('add_experience')}
        </Button>
        <Button variant="default" onClick={() => form.insertListItem('education', { school: '', degree: '', year: null })}>
          {t('add_education')}
        </Button>
      </Group>
      <TagsInput label={t('links')} description={t('links_hint')} maxTags={rules.seller_form.links.max} {...form.getInputProps('links')} />
      <NumberInput clampBehavior="none" label={t('answer_hours')} min={1} max={168} allowDecimal={false} maw={200} {...form.getInputProps('response_time_hours')} />
    </Stack>
  );
}

function SellerEditor({ seller }: { seller: Seller | null }) {
  const { t } = useTranslation('selling');
  const f = useFormats();
  const account = useAccount();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [step, setStep] = useState(0);
  const [newer, setNewer] = useState<Seller | null>(null);
  const draft = useDraft<SellerFields>(`oficio-seller-draft-${account.id}`, empty);
  const initial = seller
    ? ({ ...empty, ...Object.fromEntries(Object.keys(empty).map((k) => [k, seller[k as keyof Seller]])) } as SellerFields)
    : { ...draft.initial, languages: draft.initial.languages.length ? draft.initial.languages : [{ code: account.locale, level: 'native' as const }] };
  const needed = (v: string) => (v.trim() ? null : t('rule.needed'));
  const form = useForm<SellerFields>({
    initialValues: initial,
    validate: {
      headline: (v) => (hasLength(v, rules.seller_form.headline) ? null : t('rule.headline')),
      description: (v) => (hasLength(v, rules.seller_form.description) ? null : t('rule.about')),
      skills: (v) => (hasCount(v, rules.seller_form.skills) ? null : t('rule.skills')),
      languages: (v) => (v.length >= 1 ? null : t('rule.languages')),
      experience: { title: needed, company: needed },
      education: { school: needed },
      links: (v) => (v.every(isWebAddress) ? null : t('rule.links')),
      response_time_hours: (v) => (isWhole(v, rules.seller_form.response_time_hours) ? null : t('rule.hours')),
    },
  });
  const { busy, problem, submit } = useServerForm(form);
  const { keep } = draft;
  useEffect(() => {
    if (!seller) keep(form.values);
    // Saved as one goes; `keep` is new at each render and does the same.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [form.values, seller]);

  const next = () => {
    const wrong = steps[step]?.filter((name) => form.validateField(name).hasError) ?? [];
    if (wrong.length > 0) focusFirstError();
    else setStep(step + 1);
  };
  const save = async (over = seller) => {
    const all = form.validate();
    if (all.hasErrors) {
      setStep(Math.max(0, steps.findIndex((names) => names.some((name) => Object.keys(all.errors).some((path) => path === name || path.startsWith(`${name}.`))))));
      focusFirstError();
      return;
    }
    const body = { ...form.values, response_time_hours: Number(form.values.response_time_hours) };
    const ok = await submit(async () => {
      const saved = over
        ? await got(api.PATCH('/sellers/me', { params: { header: { 'If-Match': `"${over.revision}"` } }, body })).catch(async (e: unknown) => {
            if (isStatus(e, 412)) setNewer(await got(api.GET('/sellers/me')));
            throw e;
          })
        : await got(api.POST('/sellers', { body }));
      client.setQueryData(keys.ownSeller, saved);
      await client.invalidateQueries({ queryKey: keys.profile });
      await client.invalidateQueries({ queryKey: ['sellers'] });
    });
    if (!ok) return;
    draft.forget();
    notifications.show({ message: t('common:action.saved') });
    await navigate(seller ? `/sellers/${account.username}` : '/gigs/new');
  };
  return (
    <Stack>
      {!account.email_verified && (
        <Alert color="yellow">
          {t('verify_first')} <Link to="/verify">{t('verify')}</Link>
        </Alert>
      )}
      {seller && newer ? (
        <Conflict
          differences={differences(seller, newer, [
            ['headline', t('headline'), (s) => s.headline],
            ['description', t('about_you'), (s) => s.description],
            ['skills', t('skills'), (s) => s.skills.join(', ')],
            ['languages', t('language'), (s) => s.languages.map((l) => f.languageName(l.code)).join(', ')],
            ['experience', t('job'), (s) => s.experience.map((e) => `${e.title}, ${e.company}`).join('\n')],
            ['education', t('school'), (s) => s.education.map((e) => `${e.degree}, ${e.school}`).join('\n')],
            ['links', t('links'), (s) => s.links.join('\n')],
            ['response_time_hours', t('answer_hours'), (s) => String(s.response_time_hours)],
          ])}
          load={() => client.setQueryData(keys.ownSeller, newer)}
          keep={() => void save(newer)}
          busy={busy}
        />
      ) : (
        <FormProblem text={problem} />
      )}
      <Stepper active={step} onStepClick={setStep} allowNextStepsSelect={false} iconSize={32} wrap={false} classNames={{ step: classes.step, stepBody: classes.step_body, separator: classes.step_line }}>
        <Stepper.Step label={t('step.about')}>
          <Card withBorder padding="lg">
            <Stack>
              <TextInput label={t('headline')} description={t('headline_hint')} maxLength={120} {...form.getInputProps('headline')} />
              <Textarea label={t('about_you')} description={t('about_hint')} autosize minRows={6} maxLength={5000} {...form.getInputProps('description')} />
            </Stack>
          </Card>
        </Stepper.Step>
        <Stepper.Step label={t('step.skills')}>
          <Card withBorder padding="lg">
            <Stack>
              <TagsInput label={t('skills')} description={t('skills_hint')} maxTags={rules.seller_form.skills.max} {...form.getInputProps('skills')} />
              <Languages form={form} />
            </Stack>
          </Card>
        </Stepper.Step>
        <Stepper.Step label={t('step.background')}>
          <Card withBorder padding="lg">
            <Background form={form} />
          </Card>
        </Stepper.Step>
      </Stepper>
      <Group>
        {step > 0 && (
          <Button variant="default" onClick={() => setStep(step - 1)}>
            {t('common:action.back')}
          </Button>
        )}
        {step < steps.length - 1 ? (
          <Button onClick={next}>{t('common:action.next')}</Button>
        ) : (
          <Button loading={busy} onClick={() => void save()}>
            {t(seller ? 'save' : 'start_selling')}
          </Button>
        )}
      </Group>
    </Stack>
  );
}

function Page() {
  const { t } = useTranslation('selling');
  const profile = useOwnProfile();
  const sells = profile.data?.is_seller;
  const seller = useQuery({
    queryKey: keys.ownSeller,
    enabled: sells === true,
    refetchOnWindowFocus: false,
    queryFn: () => got(api.GET('/sellers/me')),
  });
  const own = sells ? seller.data : sells === false ? null : undefined;
  const error = profile.error ?? seller.error;
  return (
    <Container size="md" py="lg">
      <Stack>
        <PageTitle>{t(own ? 'seller_title' : 'become_title')}</PageTitle>
        {own === undefined && (error ? <LoadError error={error} retry={() => void (profile.error ? profile : seller).refetch()} /> : <Skeleton height={400} />)}
        {own !== undefined && <SellerEditor seller={own} key={own?.revision ?? 'new'} />}
      </Stack>
    </Container>
  );
}

export function Component() {
  return (
    <Suspense>
      <Page />
    </Suspense>
  );
}
