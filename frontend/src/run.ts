// The work in the background, and the verdicts of a run.
import { batch, signal } from "@preact/signals";
import { followJobs, type Progress, readVerdicts, type Verdicts } from "./api";
import { load, reasonOf, refusal } from "./state";

export const progress = signal<Progress | null>(null);
/** How many jobs this window saw end: what they made is then read again. */
export const ended = signal(0);
/** Hash of the run whose verdicts are shown; empty for the last one. */
export const opened = signal("");
/** Null: never run; undefined: not read yet. */
export const verdicts = signal<Verdicts | null | undefined>(undefined);

/** Return an answer, or undefined if it was refused: the reason then stands above the screen. */
export async function attempt<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    const result = await request;
    refusal.value = null;
    return result;
  } catch (error) {
    refusal.value = reasonOf(error);
    return undefined;
  }
}

export async function readAgain(): Promise<void> {
  const shown = await attempt(readVerdicts(opened.value));
  if (shown !== undefined) verdicts.value = shown;
}

export function follow(): void {
  followJobs((now) => {
    const before = progress.value;
    progress.value = now;
    if (before?.running !== true || now.running) return;
    batch(() => {
      ended.value += 1;
      if (now.job === "assess" && now.message === "") opened.value = "";
    });
    if (now.job === "assess") void readAgain();
  }, () => void load());
}
