import { useSearchParams } from 'react-router';

/** Where to go after signing in: a path of this site, never another site. */
export function useNext(): string {
  const [params] = useSearchParams();
  const next = params.get('next') ?? '/';
  return /^\/(?![/\\])/.test(next) ? next : '/';
}
