import { Title, type TitleProps } from '@mantine/core';
import { useEffect, type ReactNode } from 'react';

/** The page's one h1, which also names the browser's tab. */
export function PageTitle({ children, tab, ...rest }: TitleProps & { children: ReactNode; tab?: string }) {
  const name = tab ?? (typeof children === 'string' ? children : undefined);
  useEffect(() => {
    if (name) document.title = `${name} · Oficio`;
  }, [name]);
  return (
    <Title order={1} fz={{ base: 24, sm: 30 }} {...rest}>
      {children}
    </Title>
  );
}
