import { aborted, call } from '~/report/trace';
import { mayBeSignedIn, withCsrf } from './client';
import { ApiError, offline, type Problem } from './problem';

export type Purpose = 'avatar' | 'gig' | 'chat' | 'order';

/** What may be picked, told before picking; the server looks at the content itself. */
export const limits: Record<Purpose, { types: string[]; bytes: number; count: number }> = {
  avatar: { types: ['image/png', 'image/jpeg', 'image/webp'], bytes: 5 * 1024 * 1024, count: 1 },
  gig: { types: ['image/png', 'image/jpeg', 'image/webp'], bytes: 10 * 1024 * 1024, count: 8 },
  chat: { types: ['image/png', 'image/jpeg', 'image/webp', 'application/pdf', 'application/zip'], bytes: 10 * 1024 * 1024, count: 10 },
  order: { types: ['image/png', 'image/jpeg', 'image/webp', 'application/pdf', 'application/zip'], bytes: 10 * 1024 * 1024, count: 10 },
};

export interface StoredFile {
  id: string;
  name: string;
  type: string;
  size: number;
}

/** Sends a file and tells how much of it has left, from 0 to 1. fetch() cannot tell, so XMLHttpRequest. */
export function upload(purpose: Purpose, file: File, progress: (part: number) => void, signal?: AbortSignal): Promise<StoredFile> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `/api/v1/files?for=${purpose}`);
    request.responseType = 'json';
    const proof = withCsrf(new Request('/', { method: 'POST' })).headers.get('X-CSRF-Token');
    if (proof && mayBeSignedIn()) request.setRequestHeader('X-CSRF-Token', proof);
    const traced = call('POST', '/files');
    request.setRequestHeader('traceparent', traced.traceparent);
    request.upload.onprogress = (e) => e.lengthComputable && progress(e.loaded / e.total);
    request.onload = () => {
      traced.ended(request.status);
      const body: unknown = request.response;
      if (request.status >= 200 && request.status < 300) {
        resolve(body as StoredFile);
        return;
      }
      const told = body as Problem | null;
      reject(new ApiError(told?.code ? told : { title: request.statusText, status: request.status, code: 'unexpected_answer' }));
    };
    request.onerror = () => {
      traced.ended(0);
      reject(offline());
    };
    request.onabort = () => {
      traced.ended(aborted);
      reject(new DOMException('aborted', 'AbortError'));
    };
    signal?.addEventListener('abort', () => request.abort());
    const form = new FormData();
    form.append('file', file);
    request.send(form);
  });
}
