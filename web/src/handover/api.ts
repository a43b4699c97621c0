// Handing over: files and links to look.
import { base, get, Refusal, send, Unreachable } from '../api/client';
import type { NewShare, Problem, ShareInfo } from '../api/types.gen';

/** Files handed over; a brief is the report on two pages. */
export const forms = ['brief_docx', 'brief_html', 'docx', 'html', 'xlsx', 'png', 'svg', 'gpkg'] as const;
export type Form = (typeof forms)[number];
/** Files that can show two plans: what is decided on two pages, and the city's own file, are of one. */
export const forTwo: readonly Form[] = ['docx', 'html', 'xlsx', 'png', 'svg'];

export const handover = {
  shares: () => get<ShareInfo[]>('/api/shares'),
  share: (ask: { note: string; plan: number; vs: number }) => send<NewShare>('POST', '/api/shares', ask),
  revoke: (id: number) => send<ShareInfo[]>('DELETE', `/api/shares/${id}`),
};

/** Asks for a file. */
async function fetchFile(form: Form, args: Record<string, string>): Promise<Response> {
  const ending = endingOf(form);
  let response: Response;
  try {
    response = await fetch(`${base}/api/handover/${ending}?${new URLSearchParams(form === ending ? args : { ...args, short: '1' })}`);
  } catch (cause) {
    throw new Unreachable(form, { cause });
  }
  if (!response.ok) throw new Refusal((await response.json()) as Problem);
  return response;
}

const endingOf = (form: Form) => form.replace('brief_', '');

/** The map of a plan, or of where two differ, as a picture's address; who asked revokes it. */
export const picture = async (args: Record<string, string>): Promise<string> => URL.createObjectURL(await (await fetchFile('svg', args)).blob());

/** Has a file written and saves it under the name the server gives it. */
export async function save(form: Form, args: Record<string, string>): Promise<{ name: string; bytes: number }> {
  const response = await fetchFile(form, args);
  const blob = await response.blob();
  const name = decodeURIComponent(/filename\*=UTF-8''([^;]+)/.exec(response.headers.get('Content-Disposition') ?? '')?.[1] ?? `plottage.${endingOf(form)}`);
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  return { name, bytes: blob.size };
}
