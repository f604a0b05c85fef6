// Show a line of the case file on the YAML screen, or an item on its own screen.
import { signal } from "@preact/signals";
import { goTo } from "./state";

export const wantedLine = signal<number | null>(null);

export function jumpTo(line: number): void {
  wantedLine.value = line;
  goTo("yaml");
}

/** The item that a screen shows first: its field of search begins with it. */
export const wantedItem = signal("");

export function showItem(screen: string, item: string): void {
  wantedItem.value = item;
  goTo(screen);
}

/** Return the wanted item, once. */
export function takeWantedItem(): string {
  const item = wantedItem.peek();
  wantedItem.value = "";
  return item;
}
