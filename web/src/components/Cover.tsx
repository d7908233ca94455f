import { Center } from '@mantine/core';
import { useState } from 'react';
import { fileUrl } from './fileUrl';
import classes from './Cover.module.css';

/** A gig's picture at 3:2, or its first letter where it has none. Decoration: the title stands beside it. */
export function Cover({ image, subject, eager = false, small = true }: { image?: string; subject: string; eager?: boolean; small?: boolean }) {
  const [broken, setBroken] = useState(false);
  if (!image || broken) {
    return (
      <Center className={classes.none} aria-hidden>
        {subject.slice(0, 1).toUpperCase()}
      </Center>
    );
  }
  return (
    <img
      className={classes.picture}
      src={fileUrl(image, small)}
      alt=""
      width={600}
      height={400}
      loading={eager ? 'eager' : 'lazy'}
      fetchPriority={eager ? 'high' : 'auto'}
      decoding="async"
      onError={() => setBroken(true)}
    />
  );
}
