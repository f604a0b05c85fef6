// The run in the background and the verdicts of the last one.
import { signal } from "@preact/signals";
import { followRun, type Progress, readVerdicts, Refused, type Verdicts } from "./api";
import { load, refusal } from "./state";

export const progress = signal<Progress | null>(null);
/** Null: never run; undefined: not read yet. */
export const verdicts = signal<Verdicts | null | undefined>(undefined);

export async function readAgain(): Promise<void> {
  try {
    verdicts.value = await readVerdicts();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    refusal.value = { message: error.message, remedy: error.remedy };
  }
}

export function follow(): void {
  followRun((now) => {
    const ended = progress.value?.running === true && !now.running;
    progress.value = now;
    if (ended) void readAgain();
  }, () => void load());
}
