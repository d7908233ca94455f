import { Alert, Button, Group, NativeSelect, Skeleton, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api, got } from '~/api/client';
import { keys } from '~/api/keys';
import { isStatus } from '~/api/problem';
import type { OwnProfile } from '~/api/types';
import { limits, upload } from '~/api/upload';
import { Face } from '~/components/Face';
import { FormProblem } from '~/components/FormProblem';
import { LoadError } from '~/components/states';
import { useCountries } from '~/components/useCountries';
import { useOwnProfile } from '~/components/useOwnProfile';
import { useServerForm } from '~/components/useServerForm';
import { chooseLanguage } from '~/i18n';

function useEdit(profile: OwnProfile) {
  const client = useQueryClient();
  const { t } = useTranslation('settings');
  return async (body: { avatar?: string | null; locale?: 'en' | 'es'; country?: string }) => {
    try {
      const changed = await got(api.PATCH('/users/me', { params: { header: { 'If-Match': `"${profile.revision}"` } }, body }));
      client.setQueryData(keys.profile, changed);
      await client.invalidateQueries({ queryKey: keys.me });
      notifications.show({ message: t('common:action.saved') });
    } catch (e) {
      if (isStatus(e, 412)) await client.invalidateQueries({ queryKey: keys.profile });
      throw e;
    }
  };
}

function AvatarForm({ profile }: { profile: OwnProfile }) {
  const { t } = useTranslation('settings');
  const edit = useEdit(profile);
  const { busy, problem, submit } = useServerForm({ setErrors: () => undefined, getValues: () => ({}) });
  const pick = (file: File | undefined) => file && void submit(async () => edit({ avatar: (await upload('avatar', file, () => undefined)).id }));
  return (
    <Stack gap="xs">
      <FormProblem text={problem} />
      <Group>
        <Face name={profile.username} avatar={profile.avatar} size={80} />
        <Stack gap={6}>
          <Group gap="xs">
            <Button component="label" variant="default" loading={busy}>
              {t('choose_picture')}
              <input type="file" hidden accept={limits.avatar.types.join(',')} onChange={(e) => pick(e.currentTarget.files?.[0])} />
            </Button>
            {profile.avatar && (
              <Button variant="subtle" onClick={() => void submit(() => edit({ avatar: null }))}>
                {t('no_picture')}
              </Button>
            )}
          </Group>
          <Text size="sm" c="dimmed">
            {t('common:files.hint_pictures', { size: 5 })}
          </Text>
        </Stack>
      </Group>
    </Stack>
  );
}

function Form({ profile }: { profile: OwnProfile }) {
  const { t } = useTranslation('settings');
  const countries = useCountries();
  const edit = useEdit(profile);
  const form = useForm({ initialValues: { locale: profile.locale, country: profile.country } });
  const { busy, problem, submit } = useServerForm(form);
  const save = (v: typeof form.values) =>
    submit(async () => {
      await edit(v);
      await chooseLanguage(v.locale);
    });
  return (
    <Stack gap="xl">
      <AvatarForm profile={profile} />
      <Text>
        {profile.username} · {profile.email}
      </Text>
      {!profile.email_verified && (
        <Alert color="yellow">
          {t('not_verified')} <Link to="/verify">{t('verify')}</Link>
        </Alert>
      )}
      <form onSubmit={form.onSubmit((v) => void save(v))}>
        <Stack maw={420}>
          <FormProblem text={problem} />
          <NativeSelect
            label={t('language')}
            description={t('language_hint')}
            data={[
              { value: 'en', label: 'English' },
              { value: 'es', label: 'Español' },
            ]}
            {...form.getInputProps('locale')}
          />
          <NativeSelect label={t('country')} data={[{ value: '', label: t('not_told') }, ...countries]} {...form.getInputProps('country')} />
          <Group>
            <Button type="submit" loading={busy}>
              {t('common:action.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Stack>
  );
}

export function ProfileForm() {
  const profile = useOwnProfile();
  if (profile.isPending) return <Skeleton height={320} />;
  if (profile.error && !profile.data) return <LoadError error={profile.error} retry={() => void profile.refetch()} />;
  return profile.data ? <Form profile={profile.data} key={profile.data.revision} /> : null;
}
