import { Alert, Button, Card, Container, Group, NativeSelect, Skeleton, Stack, TagsInput, Textarea, TextInput, Title } from '@mantine/core';
import '@mantine/core/styles/Pill.css';
import '@mantine/core/styles/PillsInput.css';
import { useForm, type UseFormReturnType } from '@mantine/form';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useParams } from 'react-router';
import { api, got } from '~/api/client';
import { keys } from '~/api/keys';
import { ApiError, isStatus } from '~/api/problem';
import type { Gig } from '~/api/types';
import type { StoredFile } from '~/api/upload';
import { Conflict, differences } from '~/components/Conflict';
import { FilePicker } from '~/components/FilePicker';
import { FormProblem } from '~/components/FormProblem';
import { PageTitle } from '~/components/PageTitle';
import { SellersOnly } from '~/components/SellersOnly';
import { LoadError } from '~/components/states';
import { catalogue, useCategories } from '~/components/useCategories';
import { useDraft, useLeaveGuard } from '~/components/useDraft';
import { focusFirstError, useServerForm } from '~/components/useServerForm';
import { useFormats } from '~/i18n/format';
import { Component as NotFound } from '~/pages/NotFoundPage';
import { useAccount } from '~/session/session';
import { FaqFields } from './FaqFields';
import { check, emptyGig, fieldsOf, formOf, type GigFields } from './gigForm';
import { PackageFieldset } from './PackageFieldset';

export type GigFormApi = UseFormReturnType<GigFields>;

function Basics({ form }: { form: GigFormApi }) {
  const { t } = useTranslation('selling');
  const categories = useCategories();
  const inside = categories.items.find((c) => c.id === form.values.category);
  const choose = { value: '', label: t('choose') };
  return (
    <Card withBorder padding="lg">
      <Stack>
        <Title order={2} fz={20}>
          {t('basics')}
        </Title>
        <TextInput label={t('gig_title')} description={t('title_hint', { count: [...form.values.title].length })} maxLength={80} {...form.getInputProps('title')} />
        <Textarea label={t('description')} description={t('description_hint', { count: [...form.values.description].length })} autosize minRows={6} maxLength={5000} {...form.getInputProps('description')} />
        <Group grow align="flex-start">
          <NativeSelect
            label={t('category')}
            data={[choose, ...categories.items.map((c) => ({ value: c.id, label: c.name[categories.language] }))]}
            {...form.getInputProps('category')}
            onChange={(e) => form.setValues({ category: e.currentTarget.value, subcategory: '' })}
          />
          <NativeSelect label={t('subcategory')} disabled={!inside} data={[choose, ...(inside?.subcategories ?? []).map((s) => ({ value: s.id, label: s.name[categories.language] }))]} {...form.getInputProps('subcategory')} />
        </Group>
        <TagsInput label={t('tags')} description={t('tags_hint')} maxTags={5} clearable {...form.getInputProps('tags')} />
      </Stack>
    </Card>
  );
}

/** What somebody saved meanwhile, field by field, as it is read. */
function useDifferences() {
  const { t } = useTranslation('selling');
  const f = useFormats();
  const categories = useCategories();
  return (before: Gig, newer: Gig) =>
    differences(before, newer, [
      ['title', t('gig_title'), (g) => g.title],
      ['description', t('description'), (g) => g.description],
      ['category', t('category'), (g) => categories.name(g.category)],
      ['subcategory', t('subcategory'), (g) => categories.subcategory(g.category, g.subcategory)],
      ['tags', t('tags'), (g) => g.tags.join(', ')],
      ['images', t('pictures'), (g) => f.number(g.images.length)],
      ['packages', t('packages'), (g) => g.packages.map((p) => `${t(`package.${p.name}`)} ${f.money(p.price)}, ${p.delivery_days} ${t('days').toLowerCase()}: ${p.description}`).join('\n')],
      ['faq', t('faq'), (g) => g.faq.map((q) => q.question).join('\n')],
    ]);
}

function Editor({ gig }: { gig?: Gig }) {
  const { t } = useTranslation('selling');
  const account = useAccount();
  const navigate = useNavigate();
  const client = useQueryClient();
  const draft = useDraft<GigFields>(`oficio-gig-draft-${account.id}`, emptyGig);
  const [images, setImages] = useState<StoredFile[]>(() => (gig?.images ?? []).map((id, i) => ({ id, name: t('picture', { at: i + 1 }), type: 'image/webp', size: 0 })));
  const [newer, setNewer] = useState<Gig | null>(null);
  const differ = useDifferences();
  const form = useForm<GigFields>({
    initialValues: gig ? fieldsOf(gig) : draft.initial,
    validateInputOnBlur: true,
    validate: (values) => Object.fromEntries(Object.entries(check(values)).map(([path, key]) => [path, t(key)])),
  });
  const { busy, problem, submit } = useServerForm(form);
  useLeaveGuard(Boolean(gig) && form.isDirty());
  const { keep } = draft;
  useEffect(() => {
    if (!gig && form.isDirty()) keep(form.values);
    // Saved as one types; `keep` is new at each render and does the same.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [form.values, gig]);

  const save = async (values: GigFields, over = gig) => {
    let saved: Gig | undefined;
    const ok = await submit(async () => {
      try {
        const { currency } = await client.ensureQueryData(catalogue);
        const body = formOf(values, images.map((i) => i.id), currency);
        saved = over
          ? await got(api.PATCH('/gigs/{id}', { params: { path: { id: over.id }, header: { 'If-Match': `"${over.revision}"` } }, body }))
          : await got(api.POST('/gigs', { params: { header: { 'Idempotency-Key': crypto.randomUUID() } }, body }));
      } catch (e) {
        if (gig && isStatus(e, 412)) setNewer(await got(api.GET('/gigs/{id}', { params: { path: { id: gig.id } } })));
        // The form has prices in whole units: what is said about their parts belongs to them.
        if (e instanceof ApiError) e.problem.errors?.forEach((one) => (one.pointer = one.pointer.replace(/\/price\/.*$/, '/price')));
        throw e;
      }
    });
    if (!ok || !saved) return;
    if (!gig) draft.forget();
    client.setQueryData(keys.gig(saved.id), saved);
    void client.invalidateQueries({ queryKey: ['gigs'] });
    await navigate(`/gigs/${saved.id}`);
  };

  return (
    <form onSubmit={form.onSubmit((v) => void save(v), focusFirstError)} noValidate>
      <Stack>
        {!gig && draft.found && (
          <Alert>
            <Group>
              {t('draft_found')}
              <Button
                size="compact-sm"
                variant="default"
                onClick={() => {
                  draft.forget();
                  form.setValues(emptyGig);
                }}
              >
                {t('draft_forget')}
              </Button>
            </Group>
          </Alert>
        )}
        {gig && newer ? (
          <Conflict differences={differ(gig, newer)} load={() => client.setQueryData(keys.gig(gig.id), newer)} keep={() => void save(form.getValues(), newer)} busy={busy} />
        ) : (
          <FormProblem text={problem} />
        )}
        <Basics form={form} />
        <Card withBorder padding="lg">
          <Title order={2} fz={20} mb="sm">
            {t('pictures')}
          </Title>
          <FilePicker purpose="gig" files={images} change={(next) => setImages(next)} />
        </Card>
        <PackageFieldset form={form} />
        <FaqFields form={form} />
        <Group>
          <Button type="submit" size="md" loading={busy}>
            {t(gig ? 'save' : 'publish')}
          </Button>
          <Button component={Link} to={gig ? `/gigs/${gig.id}` : '/selling/gigs'} variant="subtle">
            {t('common:action.cancel')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function OwnGig() {
  const { t } = useTranslation('selling');
  const { id } = useParams();
  const account = useAccount();
  const gig = useQuery({ queryKey: keys.gig(id ?? ''), enabled: Boolean(id), queryFn: () => got(api.GET('/gigs/{id}', { params: { path: { id: id ?? '' } } })), refetchOnWindowFocus: false });
  if (isStatus(gig.error, 404) || (gig.data && gig.data.seller.id !== account.id)) return <NotFound />;
  return (
    <Container size="md" py="lg">
      <PageTitle mb="lg">{t(id ? 'edit_title' : 'new_title')}</PageTitle>
      {gig.error && !gig.data && <LoadError error={gig.error} retry={() => void gig.refetch()} />}
      {id && gig.isPending && <Skeleton height={480} />}
      {(!id || gig.data) && <Editor gig={gig.data} key={gig.data?.revision ?? 'new'} />}
    </Container>
  );
}

function Page() {
  const { t } = useTranslation('selling');
  const { id } = useParams();
  return (
    <SellersOnly title={t(id ? 'edit_title' : 'new_title')}>
      <OwnGig key={id ?? 'new'} />
    </SellersOnly>
  );
}

export function Component() {
  return (
    <Suspense>
      <Page />
    </Suspense>
  );
}
