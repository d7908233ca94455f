import { Badge } from '@mantine/core';

const colors: Record<string, string> = { error: 'red', warn: 'yellow', info: 'teal', debug: 'gray' };

export function LevelBadge({ level }: { level: string }) {
  return (
    <Badge color={`${colors[level] ?? 'gray'}.9`} size="sm" radius="sm">
      {level || '–'}
    </Badge>
  );
}
