import '@mantine/core/styles/Progress.css';
import { ActionIcon, Button, Group, Progress, Stack, Text } from '@mantine/core';
import { Paperclip, X } from 'lucide-react';
import { useState } from 'react';
import { useDropzone, type FileRejection } from 'react-dropzone';
import { useTranslation } from 'react-i18next';
import { limits, upload, type Purpose, type StoredFile } from '~/api/upload';
import { fileUrl } from './fileUrl';
import { FormProblem } from './FormProblem';
import { useProblemText } from './states';
import classes from './FilePicker.module.css';

interface Sending {
  key: string;
  name: string;
  part: number;
}

interface Props {
  purpose: Purpose;
  files: StoredFile[];
  change: (files: (now: StoredFile[]) => StoredFile[]) => void;
}

/** Picks or takes dropped files, sends them at once, and shows how far each is. */
export function FilePicker({ purpose, files, change }: Props) {
  const { t } = useTranslation();
  const say = useProblemText();
  const limit = limits[purpose];
  const [sending, setSending] = useState<Sending[]>([]);
  const [problem, setProblem] = useState<string | null>(null);

  const send = async (file: File) => {
    const key = crypto.randomUUID();
    const update = (part: number) => setSending((all) => all.map((s) => (s.key === key ? { ...s, part } : s)));
    setSending((all) => [...all, { key, name: file.name, part: 0 }]);
    try {
      const stored = await upload(purpose, file, update);
      change((now) => [...now, stored]);
    } catch (e) {
      setProblem(`${file.name}: ${say(e)}`);
    } finally {
      setSending((all) => all.filter((s) => s.key !== key));
    }
  };
  const take = (accepted: File[], refused: FileRejection[]) => {
    setProblem(refused[0] ? t('files.refused', { name: refused[0].file.name, size: limit.bytes / 1024 / 1024 }) : null);
    accepted.slice(0, limit.count - files.length).forEach((file) => void send(file));
  };
  const zone = useDropzone({
    onDrop: take,
    accept: Object.fromEntries(limit.types.map((type) => [type, []])),
    maxSize: limit.bytes,
    noClick: true,
    noKeyboard: true,
    disabled: files.length >= limit.count,
  });

  return (
    <div {...zone.getRootProps({ className: classes.zone })} data-over={zone.isDragActive || undefined}>
      <input {...zone.getInputProps({ 'aria-label': t('files.choose') })} />
      <Stack gap="xs">
        <FormProblem text={problem} />
        <Group gap="sm">
          <Button variant="default" size="sm" leftSection={<Paperclip size={16} aria-hidden />} onClick={zone.open} disabled={files.length >= limit.count}>
            {t('files.choose')}
          </Button>
          <Text size="sm" c="dimmed">
            {t(limit.types.length > 3 ? 'files.hint_any' : 'files.hint_pictures', { size: limit.bytes / 1024 / 1024, count: limit.count })}
          </Text>
        </Group>
        {files.length > 0 && (
          <Group gap="sm" component="ul" className={classes.list}>
            {files.map((file) => (
              <li key={file.id} className={classes.file}>
                {file.type.startsWith('image/') && <img src={fileUrl(file.id, true)} alt="" width={72} height={48} />}
                <Text size="sm" truncate maw={160}>
                  {file.name}
                </Text>
                <ActionIcon variant="subtle" color="gray" size={28} aria-label={t('files.remove', { name: file.name })} onClick={() => change((now) => now.filter((f) => f.id !== file.id))}>
                  <X size={16} aria-hidden />
                </ActionIcon>
              </li>
            ))}
          </Group>
        )}
        {sending.map((s) => (
          <div key={s.key}>
            <Text size="sm">{s.name}</Text>
            <Progress value={s.part * 100} aria-label={t('files.sending', { name: s.name })} />
          </div>
        ))}
      </Stack>
    </div>
  );
}
