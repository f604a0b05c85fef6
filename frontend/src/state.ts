// What all screens share: the case on the desk, and edits on their way to it.
import { batch, computed, signal } from "@preact/signals";
import { type Change, type Difference, Gone, readCase, Refused, sendEdit, sendRedo, sendText, sendUndo, type Said, type View } from "./api";
import { t } from "./words";

export const view = signal<View | null>(null);
export const waiting = signal(false);
/** Whether the last edit is lost unless it is made again. */
export const unsaved = signal(false);
/** What the last request was refused for. */
export const refusal = signal<Said | null>(null);
/** The text that another window or program saved while this one was editing, what differs, and what to do again on it. */
export const conflict = signal<{ text: string; differs: Difference[] | null; again: () => Promise<boolean> } | null>(null);
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
    unsaved.value = false;
    dropped.value += 1;
  });
}

let last: Promise<unknown> = Promise.resolve();

/** Show a case; load the page again if it is another one, which another window opened. */
function show(next: View): void {
  if (view.value !== null && view.value.file !== next.file) location.assign("/");
  else view.value = next;
}

type Again = (merged: string | null) => Promise<boolean>;
const shown = (error: Refused): void => {
  refusal.value = reasonOf(error);
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
        unsaved.value = false;
        conflict.value = null;
      });
      return true;
    } catch (error) {
      unsaved.value = request !== readCase;
      await refused(error, again, tell);
      return false;
    } finally {
      waiting.value = false;
    }
  });
  last = result;
  return result;
}

async function refused(error: unknown, again: Again, tell: (error: Refused) => void): Promise<void> {
  if (error instanceof Refused && error.theirs !== null) {
    const { text, differs, merged } = error.theirs;
    conflict.value = { text, differs, again: () => again(merged) };
    show(await readCase());
  } else if (error instanceof Refused) {
    tell(error);
  } else {
    refusal.value = reasonOf(error);
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
export const edit = (changes: Change[]): Promise<boolean> => inTurn(() => sendEdit(base(), changes), () => edit(changes));
const editSoundly = (changes: Change[], tell = shown): Promise<boolean> =>
  inTurn(() => sendEdit(base(), changes, true), () => editSoundly(changes), tell);
/** Make an edit unless it brings new errors; return these. */
export async function attempt(changes: Change[]): Promise<Said[]> {
  let problems: Said[] = [];
  if (changes.length > 0) await editSoundly(changes, (error) => { problems = error.problems; });
  return problems;
}
/** Make a change that a screen's own request makes to the case it saw. */
export const change = (request: (base: string) => Promise<View>): Promise<boolean> => inTurn(() => request(base()), () => change(request));
export const rewrite = (text: string): Promise<boolean> => inTurn(() => sendText(base(), text), (merged) => rewrite(merged ?? text));
export const undo = (): Promise<boolean> => inTurn(() => sendUndo(base()), undo);
export const redo = (): Promise<boolean> => inTurn(() => sendRedo(base()), redo);
