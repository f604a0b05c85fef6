// What the parts of the media screen share: the archive, the coder, and the work in the background.
import { signal } from "@preact/signals";
import { Refused } from "../../api";
import { refusal } from "../../state";
import { type Archive, type CoderName, readArchive, readArchives, readWork, type WorkState } from "./requests";

const LOOK = 400; // milliseconds between two looks at the work

export const archives = signal<string[]>([]);
export const archive = signal("");
/** Null: not read yet. */
export const overview = signal<Archive | null>(null);
export const coder = signal<CoderName>("shipped");
export const work = signal<WorkState>({});

/** Do a request; a refusal is shown above the screen, and gives null. */
export async function orRefused<T>(request: Promise<T>): Promise<T | null> {
  try {
    const result = await request;
    refusal.value = null;
    return result;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    refusal.value = { message: error.message, remedy: error.remedy };
    return null;
  }
}

export async function open(file: string): Promise<void> {
  archive.value = file;
  overview.value = null;
  coder.value = "shipped";
  await look();
}

/** Read again what the archive holds. */
export async function look(): Promise<void> {
  const file = archive.value;
  const read = await orRefused(readArchive(file));
  if (file === archive.value) overview.value = read;
}

export async function begin(): Promise<void> {
  if (archives.value.length > 0) return;
  archives.value = await readArchives();
  await open(archives.value[0] ?? "");
  await follow();
}

let following = false;

/** Look at the work until it ends. */
export async function follow(): Promise<void> {
  if (following) return;
  following = true;
  try {
    for (;;) {
      work.value = await readWork();
      if (work.value.stage === undefined) break;
      await new Promise((done) => setTimeout(done, LOOK));
    }
  } finally {
    following = false;
  }
}
