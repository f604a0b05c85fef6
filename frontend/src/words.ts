// Words of the screens in the reader's language. The English text is the key; each module in tocsin/workbench/screens lists those of a screen.
import { signal } from "@preact/signals";
import { readWords } from "./api";

const words = signal<Record<string, string>>({});

/** Mark of style sheets that the page may add; the text editor needs it. */
export let nonce = "";

export async function loadWords(): Promise<void> {
  const answer = await readWords();
  words.value = answer.words;
  nonce = answer.nonce;
  document.documentElement.lang = answer.language;
}

/** Return a text in the reader's language, with its values: t("{found} of {all} facts", { found: 3, all: 60 }). */
export function t(english: string, values: Record<string, string | number> = {}): string {
  const text = words.value[english] ?? english;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** Mark an English text that is said later, with `t`. */
export const word = (english: string): string => english;
