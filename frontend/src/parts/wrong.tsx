import type { ComponentChild } from "preact";
import { useEffect, useId, useLayoutEffect, useState } from "preact/hooks";
import type { Change, Said } from "../api";
import { dropped, edit, hold, refusedEdit, view, wrongs } from "../state";
import { t } from "../words";
import { Told } from "./told";

/** Why what a field says is not saved; read aloud. The field names it with `aria-describedby`. An edit that needs another one can wait for it. */
export function Wrong({ id, all }: { id?: string; all: Said[] }) {
  return all.length === 0 ? null : <Why id={id} all={all} />;
}

function Why({ id, all }: { id: string | undefined; all: Said[] }) {
  useLayoutEffect(() => {
    wrongs.value += 1;
    return () => { wrongs.value -= 1; };
  }, []);
  const field = () => document.querySelector(`[aria-describedby="${id}"]`)?.getAttribute("aria-label") ?? "";
  return (
    <>
      <Reasons id={id} all={all} />
      {refusedEdit.value?.problems === all && <button type="button" class="link hold" onClick={() => hold(field())}>{t("Save it together with my next change")}</button>}
    </>
  );
}

/** Reasons beside a field; they say nothing about what is saved. */
export function Reasons({ id, all }: { id?: string | undefined; all: Said[] }) {
  return (
    <span id={id} class="wrong" role="alert">
      {all.map((reason) => <span key={reason.message}><Told of={reason} /></span>)}
    </span>
  );
}

/** What makes edits from one place of a screen and returns whether they are saved, why the last one is not, and what forgets that. */
export function useEdit(): [make: (changes: Change[]) => Promise<boolean>, wrong: ComponentChild, forget: () => void] {
  const [refusals, setRefusals] = useState<Said[]>([]);
  const id = useId();
  useEffect(() => setRefusals([]), [view.value?.version, dropped.value]);
  const make = async (changes: Change[]) => {
    const reasons = await edit(changes);
    setRefusals(reasons);
    return reasons.length === 0;
  };
  return [make, <Wrong id={id} all={refusals} />, () => setRefusals([])];
}
