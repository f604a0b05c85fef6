// What a screen reads of the case from the server, again after each edit.
import { type Signal, signal } from "@preact/signals";
import { answer, Refused } from "../api";
import { refusal } from "../state";

/** Return what the last request of a path found, null before, and the function that asks again. A late answer does not replace a newer one. */
export function reading<T>(path: string): { last: Signal<T | null>; read: () => Promise<void> } {
  const last = signal<T | null>(null);
  let newest = 0;
  const read = async () => {
    newest += 1;
    const own = newest;
    try {
      const next = await answer<T>(path);
      if (own === newest) last.value = next;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      refusal.value = { message: error.message, remedy: error.remedy };
    }
  };
  return { last, read };
}
