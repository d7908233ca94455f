import { Table } from '@mantine/core';
import '@mantine/core/styles/Table.css';
import type { ReactNode } from 'react';
import classes from './Ops.module.css';

/** A table that may be wider than its window: then it is moved sideways, also with the keyboard. */
export function ScrollTable({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className={classes.scroll} tabIndex={0} role="group" aria-label={label}>
      <Table verticalSpacing={6}>{children}</Table>
    </div>
  );
}
