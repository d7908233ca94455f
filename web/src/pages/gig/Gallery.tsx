import { ActionIcon, Group, UnstyledButton } from '@mantine/core';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Gig } from '~/api/types';
import { Cover } from '~/components/Cover';
import { fileUrl } from '~/components/fileUrl';
import classes from './Gallery.module.css';

/** The gig's pictures, one large. */
export function Gallery({ gig }: { gig: Gig }) {
  const { t } = useTranslation('gig');
  const [at, setAt] = useState(0);
  const count = gig.images.length;
  if (count === 0) return <Cover subject={gig.title} />;
  const step = (by: number) => setAt((at + by + count) % count);
  return (
    <section aria-label={t('gallery')} aria-roledescription={t('carousel')}>
      <div className={classes.frame}>
        <img src={fileUrl(gig.images[at] as string)} alt={t('picture', { at: at + 1, count })} width={1200} height={800} className={classes.large} fetchPriority="high" />
        {count > 1 && (
          <>
            <ActionIcon variant="default" radius="xl" size={44} className={classes.left} onClick={() => step(-1)} aria-label={t('previous')}>
              <ChevronLeft aria-hidden />
            </ActionIcon>
            <ActionIcon variant="default" radius="xl" size={44} className={classes.right} onClick={() => step(1)} aria-label={t('next')}>
              <ChevronRight aria-hidden />
            </ActionIcon>
          </>
        )}
      </div>
      {count > 1 && (
        <Group gap={8} mt={8}>
          {gig.images.map((image, index) => (
            <UnstyledButton key={image} onClick={() => setAt(index)} aria-label={t('show_picture', { at: index + 1 })} aria-current={index === at} className={classes.thumb}>
              <img src={fileUrl(image, true)} alt="" width={96} height={64} loading="lazy" />
            </UnstyledButton>
          ))}
        </Group>
      )}
    </section>
  );
}
