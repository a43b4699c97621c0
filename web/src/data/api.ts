// The data room's part of the JSON API.
import { base, broken, get, Refusal, send, Unreachable } from '../api/client';
import type { Choices, DataInfo, LandForm, LandInfo, LandJob, NounInfo, Problem, ReviewPage, SourceDetail, UploadInfo } from '../api/types.gen';
import { words } from '../words/words.svelte';

export type Kind = 'refused' | 'repaired' | 'new' | 'changed';
export const kinds: readonly Kind[] = ['refused', 'repaired', 'new', 'changed'];

const one = (id: number) => `/api/data/uploads/${id}`;

export const data = {
  look: () => get<DataInfo>('/api/data'),
  nouns: () => get<NounInfo[]>('/api/data/nouns'),
  source: (id: number) => get<SourceDetail>(`/api/data/sources/${id}`),
  open: (files: { name: string; size: number }[]) => send<UploadInfo>('POST', '/api/data/uploads', { files }),
  upload: (id: number) => get<UploadInfo>(one(id)),
  review: (id: number, choices: Choices) => send<UploadInfo>('POST', `${one(id)}/review`, choices),
  commit: (id: number, who: string) => send<UploadInfo>('POST', `${one(id)}/commit`, { who }),
  discard: (id: number) => send<{ id: number }>('DELETE', one(id)),
  rows: (id: number, kind: Kind, from: number, size: number) => get<ReviewPage>(`${one(id)}/rows?${new URLSearchParams({ kind, from: String(from), size: String(size) })}`),
  fixes: (id: number, lang: string) => `${base}${one(id)}/fixes.xlsx?lang=${lang}`,
  refused: (id: number) => `${base}${one(id)}/refused.xlsx`,
  sourceFixes: (id: number, lang: string) => `${base}/api/data/sources/${id}/fixes.xlsx?lang=${lang}`,
};

export const land = {
  look: () => get<LandInfo>('/api/land'),
  start: (form: LandForm) => send<LandJob>('POST', '/api/land/jobs', form),
  stop: (id: number) => send<LandJob>('POST', `/api/land/jobs/${id}/stop`),
};

/** Sends one file as it is read from disk, and tells how far it has come; fetch cannot. */
export function sendFile(id: number, name: string, file: File, progress: (sent: number) => void, signal: AbortSignal): Promise<void> {
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    request.open('PUT', `${base}${one(id)}/files/${encodeURIComponent(name)}`);
    request.setRequestHeader('Accept-Language', words.lang);
    request.upload.onprogress = (e) => progress(e.loaded);
    request.onload = () => (request.status < 300 ? done() : fail(new Refusal(problemOf(request))));
    request.onerror = () => fail(new Unreachable(name));
    request.onabort = () => fail(new DOMException(name, 'AbortError'));
    signal.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}

function problemOf(request: XMLHttpRequest): Problem {
  try {
    return JSON.parse(request.responseText) as Problem;
  } catch {
    return broken(request.status);
  }
}
