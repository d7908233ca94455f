import { Avatar } from '@mantine/core';
import { fileUrl } from './fileUrl';

/** Somebody's picture, or the first letters of the name; decoration beside a name that is written out. */
export function Face({ name, avatar, size = 40 }: { name: string; avatar?: string | null; size?: number }) {
  return (
    <Avatar
      src={avatar ? fileUrl(avatar) : null}
      alt=""
      aria-hidden
      size={size}
      radius="xl"
      color="teal.9"
      variant="filled"
      imageProps={{ loading: 'lazy', width: size, height: size }}
    >
      {name.slice(0, 2).toUpperCase()}
    </Avatar>
  );
}
