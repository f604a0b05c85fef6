import { useState } from "preact/hooks";
import type { Change, Json } from "../api";
import { edit, theCase, view } from "../state";
import { t } from "../words";
import { CONFIDENCE, listed } from "./fact_rows";
import { Labelled } from "./labelled";

const KEY = "[A-Za-z][A-Za-z0-9_.\\-]{0,119}";
const SOURCE_KEY = "[A-Za-z][A-Za-z0-9_]{0,79}";
const GRADE = "[A-Fa-f][1-6]";

/** A form for one fact; a source that the case does not have yet is described below it. */
export function FactForm({ sources, onDone }: { sources: string; onDone: () => void }) {
  const [source, setSource] = useState("");
  const [level, setLevel] = useState("confirmed");
  const known = view.value?.data?.["sources"] ?? {};
  const names = [listed(source)].flat().map(String).filter(Boolean);
  const unknown = names.filter((name) => !(name in (known as object)));
  const add = async (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
    event.preventDefault();
    if (await edit(changesOf(new FormData(event.currentTarget), unknown))) onDone();
  };
  return (
    <form class="form" onSubmit={(event) => void add(event)}>
      <Labelled name={t("Key")}><input name="key" required pattern={KEY} autocomplete="off" onInput={unused} /></Labelled>
      <Labelled name={t("Value")}><input name="value" required autocomplete="off" /></Labelled>
      <Labelled name={t("Unit")}><input name="unit" autocomplete="off" /></Labelled>
      <Labelled name={t("Date")}><input name="date" placeholder="2024-03-01" autocomplete="off" /></Labelled>
      <Labelled name={t("Source")}>
        <input name="source" required list={sources} autocomplete="off" value={source} onInput={(event) => setSource(event.currentTarget.value)} />
      </Labelled>
      <Labelled name={t("Confidence")}>
        <select name="confidence" value={level} onChange={(event) => setLevel(event.currentTarget.value)}>
          {CONFIDENCE.map((name) => <option key={name} value={name}>{name}</option>)}
        </select>
      </Labelled>
      {(level === "low" || level === "recalled") && <Labelled name={t("Why it is used although it is weak")}><input name="flag" required /></Labelled>}
      <Labelled name={t("Note")}><input name="note" /></Labelled>
      {unknown.map((name) => <NewSource key={name} name={name} />)}
      <div class="tools">
        <button type="submit">{t("Add the fact")}</button>
        <button type="button" onClick={onDone}>{t("Close")}</button>
      </div>
    </form>
  );
}

/** Refuse a key that the case has already: its fact would be overwritten. */
function unused(event: { currentTarget: HTMLInputElement }): void {
  const taken = event.currentTarget.value.trim() in ((view.value?.data?.["facts"] ?? {}) as object) || theCase.value?.facts.some(({ key }) => key === event.currentTarget.value.trim());
  event.currentTarget.setCustomValidity(taken ? t("The case has a fact with this key.") : "");
}

function NewSource({ name }: { name: string }) {
  const valid = new RegExp(`^${SOURCE_KEY}$`).test(name);
  return (
    <fieldset>
      <legend>{t("New source {name}", { name })}</legend>
      {!valid && <p role="alert">{t("The key of a source has letters, digits and underscores, and begins with a letter.")}</p>}
      <Labelled name={t("Citation")}><input name={`cite:${name}`} required /></Labelled>
      <Labelled name={t("Grade, such as A1 or C3")}><input name={`grade:${name}`} required pattern={GRADE} /></Labelled>
      <Labelled name={t("Web address")}><input name={`url:${name}`} type="url" /></Labelled>
    </fieldset>
  );
}

const PARTS = ["value", "unit", "date", "confidence", "flag", "note"];

/** Return the changes that add the fact of a form, with the sources that are new. */
function changesOf(form: FormData, unknown: string[]): Change[] {
  const text = (name: string) => String(form.get(name) ?? "").trim();
  const given = PARTS.map((part): [string, Json] => [part, text(part)]).filter(([, value]) => value !== "");
  const fact = { ...Object.fromEntries(given), source: listed(text("source")) };
  const sources = unknown.map((name): Change => {
    const url = text(`url:${name}`);
    const block = { cite: text(`cite:${name}`), grade: text(`grade:${name}`).toUpperCase(), ...(url ? { url } : {}) };
    return { do: "put", loc: ["sources", name], value: block };
  });
  return [...sources, { do: "put", loc: ["facts", text("key")], value: fact }];
}
