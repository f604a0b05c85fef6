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

/** Return a text in the reader's language, with its values: t("Tour, stop {number} of {all}", { number: 1, all: 4 }). */
export function t(english: string, values: Record<string, string | number> = {}): string {
  const text = words.value[english] ?? english;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** Return a text that depends on a number, in the reader's language: plural("Add {count} fact", "Add {count} facts", 3). */
export function plural(one: string, several: string, count: number, values: Record<string, string | number> = {}): string {
  return t(count === 1 ? one : several, { count, ...values });
}

/** Mark an English text that is said later, with `t`. */
export const word = (english: string): string => english;

const LONG = 120; // characters of a text in a list of choices

/** Return a text for a list of choices: its beginning, if it is long. */
export function shortened(text: string): string {
  const letters = [...text];
  return letters.length > LONG ? `${letters.slice(0, LONG - 1).join("")}…` : text;
}
