// What all screens share: the case on the desk, and edits on their way to it.
import { batch, computed, signal } from "@preact/signals";
import { type Change, type Difference, Gone, readCase, Refused, sendEdit, sendRedo, sendText, sendUndo, type Said, type View } from "./api";
import { t } from "./words";

export const view = signal<View | null>(null);
export const waiting = signal(false);
/** Whether the last request is lost unless it is made again. */
const lost = signal(false);
/** How many places of the screen show why their value is not saved. */
export const wrongs = signal(0);
/** What the last request was refused for. */
export const refusal = signal<Said | null>(null);
/** The text that another window or program saved while this one was editing, what differs, and what to do again on it. */
export const conflict = signal<{ text: string; differs: Difference[] | null; again: () => Promise<boolean> } | null>(null);
/** Changes that bring errors alone, and which: they wait for an edit that makes them right. `field` names the last one's field on its screen. */
export interface Held {
  changes: Change[];
  problems: Said[];
  screen: string;
  field: string;
}
export const held = signal<Held | null>(null);
/** Whether the case lacks something that was typed. */
export const unsaved = computed(() => lost.value || wrongs.value > 0 || held.value !== null || conflict.value !== null);
/** How many edits were dropped: fields then show again what the case says. */
export const dropped = signal(0);
export const screen = signal(currentScreen());
export const theCase = computed(() => view.value?.case ?? null);

function currentScreen(): string {
  return location.pathname.slice(1);
}
addEventListener("popstate", () => {
  screen.value = currentScreen();
});

/** Show a screen without loading the page again. */
export function goTo(key: string): void {
  if (currentScreen() !== key) history.pushState(null, "", `/${key}`);
  screen.value = key;
}

/** Leave the edit that another window was quicker than. */
export function drop(): void {
  batch(() => {
    conflict.value = null;
    lost.value = false;
    dropped.value += 1;
  });
}

let last: Promise<unknown> = Promise.resolve();

/** Show a case; load the page again if another window opened another case or chose another language. */
function show(next: View): void {
  if (view.value !== null && view.value.file !== next.file) location.assign("/");
  else if (view.value !== null && view.value.language !== next.language) location.reload();
  else view.value = next;
}

/** The last edit that was refused, with the errors that it would bring. */
export const refusedEdit = signal<{ changes: Change[]; problems: Said[] } | null>(null);

/** Let the refused edit of a field wait for one that makes it right. */
export function hold(field: string): void {
  batch(() => {
    if (refusedEdit.value !== null) held.value = { ...refusedEdit.value, screen: screen.value, field };
    refusedEdit.value = null;
  });
}

/** Give up the changes that wait. */
export function release(): void {
  batch(() => {
    held.value = null;
    dropped.value += 1;
  });
}

type Again = (merged: string | null) => Promise<boolean>;
const shown = (problems: Said[]): void => {
  refusal.value = problems[0] ?? null;
};

/** Do one request after those before it, and show the case that it returns; return whether it succeeded. `tell` takes why it was refused. */
function inTurn(request: () => Promise<View>, again: Again, tell = shown): Promise<boolean> {
  const result = last.then(async () => {
    waiting.value = true;
    try {
      const next = await request();
      batch(() => {
        show(next);
        refusal.value = null;
        lost.value = false;
        conflict.value = null;
      });
      return true;
    } catch (error) {
      lost.value = request !== readCase && (tell === shown || error instanceof Gone); // else the field that was edited shows it
      await refused(error, again, tell);
      return false;
    } finally {
      waiting.value = false;
    }
  });
  last = result;
  return result;
}

async function refused(error: unknown, again: Again, tell: (problems: Said[]) => void): Promise<void> {
  if (error instanceof Refused && error.theirs !== null) {
    const { text, differs, merged } = error.theirs;
    conflict.value = { text, differs, again: () => again(merged) };
    show(await readCase());
  } else if (error instanceof Refused) {
    tell(error.problems);
  } else {
    refusal.value = reasonOf(error);
    tell([refusal.value]);
  }
}

/** Why a request failed, in words for the reader; any other error is thrown on. */
export function reasonOf(error: unknown): Said {
  if (error instanceof Refused) return { message: error.message, remedy: error.remedy };
  if (error instanceof Gone) return { message: t("The workbench has ended."), remedy: t("Run tocsin open again. Your saved edits are in the file.") };
  throw error;
}

const base = () => view.value?.version ?? "";

export const load = (): Promise<boolean> => inTurn(readCase, load);

/** Make an edit unless it brings new errors; return these. Changes that wait are saved with it if all are right together, else they go on waiting. */
export async function edit(changes: Change[]): Promise<Said[]> {
  if (changes.length === 0) return [];
  const again = async () => {
    const reasons = await edit(changes);
    if (reasons.length > 0) shown(reasons);
    return reasons.length === 0;
  };
  const before = held.value;
  const all = [...(before?.changes ?? []), ...changes];
  let problems = await attempt(all, again);
  if (problems === null && before !== null && held.value === before) held.value = null;
  if (before !== null && problems !== null && problems.length > 0) {
    const alone = await attempt(changes, again);
    if (alone === null || remain(before.problems, problems)) problems = alone;
  }
  refusedEdit.value = problems !== null && problems.length > 0 ? { changes: all, problems } : null;
  return problems ?? [];
}

/** Send changes; return null if they are saved, else why not, nothing if another window was quicker. */
async function attempt(changes: Change[], again: Again): Promise<Said[] | null> {
  let problems: Said[] = [];
  const done = await inTurn(() => sendEdit(base(), changes), again, (reasons) => { problems = reasons; });
  return done ? null : problems;
}

/** Return whether problems are still there among others: an edit that leaves them as they were has nothing to do with them. */
const remain = (before: Said[], now: Said[]): boolean => before.every(({ message }) => now.some((one) => one.message === message));

/** Make a change that a screen's own request makes to the case it saw. */
export const change = (request: (base: string) => Promise<View>): Promise<boolean> => inTurn(() => request(base()), () => change(request));
/** Make such a change unless it brings new errors; return these. */
export async function changeSoundly(request: (base: string) => Promise<View>): Promise<Said[]> {
  let problems: Said[] = [];
  await inTurn(() => request(base()), () => change(request), (reasons) => { problems = reasons; });
  return problems;
}
export const rewrite = (text: string): Promise<boolean> => inTurn(() => sendText(base(), text), (merged) => rewrite(merged ?? text));
export const undo = (): Promise<boolean> => inTurn(() => sendUndo(base()), undo);
export const redo = (): Promise<boolean> => inTurn(() => sendRedo(base()), redo);
