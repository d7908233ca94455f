import { Anchor, Group } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import { FileText } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { sessionFetch } from '~/api/client';
import { fileUrl } from './fileUrl';

interface Facts {
  name: string;
  type: string;
}

/** Name and type of a file without its bytes. */
async function factsOf(id: string): Promise<Facts> {
  const answer = await sessionFetch(new Request(fileUrl(id), { method: 'HEAD' }));
  const disposition = answer.headers.get('Content-Disposition') ?? '';
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(disposition)?.[1];
  const plain = /filename="([^"]*)"/.exec(disposition)?.[1];
  return { name: encoded ? decodeURIComponent(encoded) : (plain ?? id), type: answer.headers.get('Content-Type') ?? '' };
}

/** Attachments: pictures are shown, the rest is named. */
export function FileList({ ids }: { ids: string[] }) {
  const { t } = useTranslation();
  const facts = useQueries({ queries: ids.map((id) => ({ queryKey: ['file', id], queryFn: () => factsOf(id), staleTime: Infinity })) });
  if (ids.length === 0) return null;
  return (
    <Group gap="sm">
      {ids.map((id, index) => {
        const known = facts[index]?.data;
        const name = known?.name ?? t('files.file', { at: index + 1 });
        return known?.type.startsWith('image/') ? (
          <a key={id} href={fileUrl(id)} target="_blank" rel="noopener" aria-label={name}>
            <img src={fileUrl(id)} alt="" width={160} height={107} loading="lazy" style={{ borderRadius: 8, objectFit: 'cover', display: 'block' }} />
          </a>
        ) : (
          <Anchor key={id} href={fileUrl(id)} download>
            <Group gap={4} component="span">
              <FileText size={16} aria-hidden />
              {name}
            </Group>
          </Anchor>
        );
      })}
    </Group>
  );
}
