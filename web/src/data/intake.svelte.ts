// One upload on its way into the city, as the data room shows it.
import type { Choices, DataInfo, NounInfo, UploadInfo } from '../api/types.gen';
import { look as lookAtCity } from '../state/follow';
import { Unreachable } from '../api/client';
import { session } from '../state/session.svelte';
import { data, sendFile } from './api';

const pollMs = 350;
const lostMs = 2000; // between looks while nobody answers

class Intake {
  info = $state.raw<DataInfo | null>(null);
  nouns = $state.raw<NounInfo[]>([]);
  upload = $state.raw<UploadInfo | null>(null);
  sending = $state.raw<{ name: string; done: number; total: number } | null>(null);
  tooLarge = $state.raw<{ name: string; size: number } | null>(null);
  empty = $state(''); // the file brought last that holds nothing
  cut = $state(''); // the file that was on its way when the line was lost
  choices = $state<Choices>({}); // as the form shows them
  edited = $state(false); // since the last reading
  #stop: AbortController | null = null;

  /** Reads where the data come from. */
  async look() {
    const [info, nouns] = await Promise.all([session.ask(data.look), this.nouns.length ? this.nouns : session.ask(data.nouns)]);
    if (info) this.info = info;
    if (nouns) this.nouns = nouns;
  }

  /** Sends files and has them read. */
  async bring(files: File[]) {
    const most = this.info?.max_bytes ?? 0;
    const size = files.reduce((n, f) => n + f.size, 0);
    [this.tooLarge, this.empty, this.cut] = [null, '', ''];
    if (files.length === 0 || !this.info?.possible) return;
    this.empty = files.find((f) => f.size === 0)?.name ?? '';
    if (this.empty) return;
    if (size > most) {
      this.tooLarge = { name: files[0]!.name, size };
      return;
    }
    const opened = await session.ask(() => data.open(files.map((f) => ({ name: f.name, size: f.size }))));
    if (!opened) return;
    this.upload = opened;
    this.#stop = new AbortController();
    try {
      let before = 0;
      for (const [i, f] of files.entries()) {
        const name = opened.files[i]!.name;
        this.sending = { name, done: before, total: size };
        await sendFile(opened.id, name, f, (sent) => (this.sending = { name, done: before + sent, total: size }), this.#stop.signal);
        before += f.size;
      }
      this.sending = null;
      await this.read({});
      if (this.upload?.state === 'receiving') await this.#giveUp(session.lost ? opened.name : ''); // nobody was there to read it
    } catch (err) {
      session.tell(err);
      await this.#giveUp(err instanceof Unreachable ? (this.sending?.name ?? '') : '');
    } finally {
      this.sending = null;
    }
  }

  /** Lets go of what did not arrive, because the line was lost or for another reason, which was told. */
  async #giveUp(cut: string) {
    await this.discard();
    this.cut = cut;
  }

  /** Has the upload read as the choices say, and follows it. */
  async read(choices: Choices) {
    const id = this.upload?.id;
    if (!id) return;
    const info = await session.ask(() => data.review(id, choices));
    if (info) await this.follow(info);
  }

  /** Takes the upload into the city. */
  async commit(who: string) {
    const id = this.upload?.id;
    if (!id) return;
    const info = await session.ask(() => data.commit(id, who));
    if (!info) return;
    await this.follow(info);
    if (this.upload?.state === 'committed') await Promise.all([lookAtCity(), this.look()]);
  }

  /** Opens an upload that waits. */
  open(info: UploadInfo) {
    return this.follow(info);
  }

  async follow(info: UploadInfo) {
    this.take(info);
    while (this.upload?.id === info.id && ['waiting', 'reviewing', 'committing'].includes(this.upload.state)) {
      await new Promise((r) => setTimeout(r, session.lost ? lostMs : pollMs));
      if (this.upload?.id !== info.id) return;
      const now = await session.ask(() => data.upload(info.id));
      if (this.upload?.id !== info.id) return;
      if (now) this.take(now);
      else if (!session.lost) return this.close(); // it is not there any more
      // else it is being read meanwhile, and asked for until somebody answers
    }
  }

  private take(info: UploadInfo) {
    const fresh = info.findings !== this.upload?.findings;
    this.upload = info;
    if (!fresh || info.state === 'committing') return;
    this.edited = false;
    const mapping = info.findings?.mappings.length === 1 ? info.findings.mappings[0] : undefined;
    this.choices = { ...structuredClone(info.choices), ...(mapping ? { mapping: structuredClone(mapping) } : {}) };
  }

  /** Says that the form no longer shows what was read. */
  touch() {
    this.edited = true;
  }

  async discard() {
    this.#stop?.abort();
    const id = this.upload?.id;
    this.close();
    if (id) await data.discard(id).catch(() => undefined); // it may be gone already
    await this.look();
  }

  close() {
    this.upload = null;
    this.sending = null;
  }
}

export const intake = new Intake();
