// Show a line of the case file on the YAML screen, or an item on its own screen.
import { signal } from "@preact/signals";
import type { Loc } from "./api";
import { goTo, type Held } from "./state";

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

const EACH = 60; // ms between looks for a field
const LOOKS = 50;

/** Put the focus on the field of an item of the case, once its screen shows it. */
export function showField(screen: string, loc: Loc): void {
  const [block, key = ""] = loc.map(String);
  const path = loc.slice(0, 2).join(".");
  if (screen === block) wantedItem.value = key; // the screens of facts and beliefs search for it
  else if (screen === "argument" && block !== "claims") wantedItem.value = path;
  goTo(screen);
  const part = block === "claims" && loc.length > 4 ? ` ${loc[3]}` : "";
  const fields = ":is(input, textarea):not([type=search])";
  look(`[data-loc="${CSS.escape(path)}"] ${fields}, main ${fields}[aria-label$=": ${CSS.escape(key + part)}"]`, LOOKS);
}

/** Put the focus on the field of a change that waits; if it has none, show its screen. */
export function showHeld({ screen, field, changes }: Held): void {
  const [block, key = ""] = (changes.at(-1)?.loc ?? []).map(String);
  if (screen === block || (screen === "argument" && block !== "claims")) wantedItem.value = key || (block ?? "");
  goTo(screen);
  if (field !== "") look(`main [aria-label="${CSS.escape(field)}"]`, LOOKS);
}

function look(selector: string, left: number): void {
  setTimeout(() => {
    const field = document.querySelector<HTMLElement>(selector);
    if (field !== null) reveal(field);
    else if (left > 0) look(selector, left - 1);
  }, EACH);
}

/** Open what hides a field, and put the focus on it. */
function reveal(field: HTMLElement): void {
  for (let around = field.closest("details"); around; around = around.parentElement?.closest("details") ?? null) around.open = true;
  field.focus();
}

/** Return the wanted item, once. */
export function takeWantedItem(): string {
  const item = wantedItem.peek();
  wantedItem.value = "";
  return item;
}
