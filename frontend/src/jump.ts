// Show a line of the case file on the YAML screen.
import { signal } from "@preact/signals";
import { goTo } from "./state";

export const wantedLine = signal<number | null>(null);

export function jumpTo(line: number): void {
  wantedLine.value = line;
  goTo("yaml");
}
