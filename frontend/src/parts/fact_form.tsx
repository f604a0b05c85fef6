import type { ComponentChildren } from "preact";
import { useEffect, useId, useState } from "preact/hooks";
import { answer, type Change, type Json, type Said } from "../api";
import { theCase } from "../state";
import { t } from "../words";
import { CONFIDENCE, listed, unitFault } from "./fact_rows";
import { Form, Input } from "./form";
import { Labelled } from "./labelled";
import { mappingAt } from "./written";
import { useEdit } from "./wrong";

const KEY = "[A-Za-z][A-Za-z0-9_.\\-]{0,119}";
const SOURCE_KEY = /^[A-Za-z][A-Za-z0-9_]{0,79}$/;
const DATE = "[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?";
const GRADE = "[A-Fa-f][1-6]";
const UNITS = "fact-units";
const KEY_WORDS = 4; // of a note in a proposed key
const MAX_KEY = 60; // characters of a proposed key

/** A source that the case does not have yet. */
interface Unknown {
  key: string;
  cite: string;
}

/** A form for one fact; `onAdded` gets its key. A source that the case does not have yet is described below it. What brings errors is not added. */
export function FactForm({ sources, onAdded, onClose }: { sources: string; onAdded: (key: string) => void; onClose: () => void }) {
  const [source, setSource] = useState("");
  const [level, setLevel] = useState("confirmed");
  const [key, setKey] = useState("");
  const [isOwnKey, setOwnKey] = useState(false);
  const [value, setValue] = useState("");
  const [unit, setUnit] = useState("");
  const [make, wrong, forget] = useEdit();
  const { keys, unknown } = sourcesIn(source);
  const add = async (form: HTMLFormElement) => {
    if (await make(changesOf(new FormData(form), keys, unknown))) onAdded(key.trim());
  };
  const writeKey = (text: string) => {
    setKey(text);
    setOwnKey(text !== "");
  };
  return (
    <Form class="form" onSubmit={(form) => void add(form)} onInput={forget}>
      <Labelled name={t("Note")}><input name="note" onInput={(event) => { if (!isOwnKey) setKey(proposed(event.currentTarget.value)); }} /></Labelled>
      <Hinted hint={t("A short name, such as fish.share: letters, digits, dots and _. Tests use it.")}>
        {(hint) => (
          <Labelled name={t("Key")} of="key">
            <Input
              name="key" required pattern={KEY} autocomplete="off" hint={hint} value={key} wanted={t("Begin with a letter; then letters, digits, dots, - and _ may follow, without spaces.")}
              fault={isTaken(key.trim()) ? { message: t("The case has a fact with this key."), remedy: t("Write another key.") } : null}
              onInput={(event) => writeKey(event.currentTarget.value)}
            />
          </Labelled>
        )}
      </Hinted>
      <Labelled name={t("Value")} of="value"><Input name="value" required autocomplete="off" value={value} onInput={(event) => setValue(event.currentTarget.value)} /></Labelled>
      <Unit fault={unitFault(value, unit)} onInput={setUnit} />
      <Hinted hint={t("A day, month or year: YYYY-MM-DD, YYYY-MM or YYYY.")}>
        {(hint) => (
          <Labelled name={t("Date")} of="date">
            <Input name="date" placeholder="2024-03-01" pattern={DATE} wanted={t("Write it as 2024-03-01, 2024-03 or 2024.")} autocomplete="off" hint={hint} />
          </Labelled>
        )}
      </Hinted>
      <Hinted hint={t("The key of a source of the case, or the name of a new one. A comma separates several.")}>
        {(hint) => (
          <Labelled name={t("Source")} of="source">
            <Input name="source" required list={sources} autocomplete="off" hint={hint} value={source} onInput={(event) => setSource(event.currentTarget.value)} />
          </Labelled>
        )}
      </Hinted>
      <Labelled name={t("Confidence")}>
        <select name="confidence" value={level} onChange={(event) => setLevel(event.currentTarget.value)}>
          {Object.entries(CONFIDENCE).map(([level, name]) => <option key={level} value={level}>{t(name)}</option>)}
        </select>
      </Labelled>
      {(level === "low" || level === "recalled") && <Labelled name={t("Why it is used although it is weak")} of="flag"><Input name="flag" required /></Labelled>}
      {unknown.map((one, index) => <NewSource key={index} source={one} />)}
      {wrong}
      <div class="tools">
        <button type="submit">{t("Add the fact")}</button>
        <button type="button" onClick={onClose}>{t("Close")}</button>
      </div>
    </Form>
  );
}

/** A field with a hint below it, which describes it. */
function Hinted({ hint, children }: { hint: string; children: (id: string) => ComponentChildren }) {
  const id = useId();
  return <div class="hinted">{children(id)}<span id={id} class="small">{hint}</span></div>;
}

function Unit({ fault, onInput }: { fault: Said | null; onInput: (unit: string) => void }) {
  const [units, setUnits] = useState<string[]>([]);
  useEffect(() => { answer<string[]>("/api/facts/units").then(setUnits, () => undefined); }, []); // without the list a unit is typed
  return (
    <Hinted hint={t("For a thing that is counted, write “count of” and its name, such as count of tonnes.")}>
      {(hint) => (
        <>
          <Labelled name={t("Unit")} of="unit"><Input name="unit" list={UNITS} autocomplete="off" hint={hint} fault={fault} onInput={(event) => onInput(event.currentTarget.value)} /></Labelled>
          <datalist id={UNITS}>{units.map((unit) => <option key={unit} value={unit} />)}</datalist>
        </>
      )}
    </Hinted>
  );
}

/** What a source is that the case does not have: its name is proposed as the citation. */
function NewSource({ source: { key, cite } }: { source: Unknown }) {
  const [own, setOwn] = useState<string | null>(null);
  return (
    <fieldset>
      <legend>{t("New source {name}", { name: key })}</legend>
      <Labelled name={t("Citation")} of={`cite:${key}`}>
        <Input name={`cite:${key}`} required value={own ?? cite} onInput={(event) => setOwn(event.currentTarget.value)} />
      </Labelled>
      <Hinted hint={t("Letter: how reliable the source is, A (official) to E (weak), F (cannot be judged). Digit: how likely the report is, 1 (seen in two places) to 5 (improbable), 6 (not seen).")}>
        {(hint) => <Labelled name={t("Grade, such as A1 or C3")} of={`grade:${key}`}><Input name={`grade:${key}`} required pattern={GRADE} wanted={t("Write a letter from A to F and a digit from 1 to 6.")} hint={hint} /></Labelled>}
      </Hinted>
      <Labelled name={t("Web address")} of={`url:${key}`}><Input name={`url:${key}`} type="url" /></Labelled>
    </fieldset>
  );
}

/** Return whether the case has a fact with a key: it would be overwritten. */
function isTaken(key: string): boolean {
  return key in mappingAt("facts") || (theCase.value?.facts.some((fact) => fact.key === key) ?? false);
}

/** Return a key made of a text: its first words in small letters, joined; empty if it has none of a key. */
function proposed(text: string): string {
  const words = text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().match(/[a-z0-9]+/g) ?? [];
  const key = words.slice(0, KEY_WORDS).join("_").slice(0, MAX_KEY);
  return /^[0-9]/.test(key) ? `n${key}` : key;
}

/** Return the keys of the sources that a text names, and those that the case does not have; a key is made of a name that is none. */
function sourcesIn(text: string): { keys: string[]; unknown: Unknown[] } {
  const known = Object.keys(mappingAt("sources"));
  const unknown: Unknown[] = [];
  const keys = [listed(text)].flat().map(String).filter(Boolean).map((name) => {
    if (known.includes(name)) return name;
    const isKey = SOURCE_KEY.test(name);
    const key = isKey ? name : free(proposed(name) || "source", [...known, ...unknown.map((one) => one.key)]);
    unknown.push({ key, cite: isKey ? "" : name });
    return key;
  });
  return { keys, unknown };
}

function free(key: string, taken: string[]): string {
  let number = 2;
  if (!taken.includes(key)) return key;
  while (taken.includes(`${key}_${number}`)) number += 1;
  return `${key}_${number}`;
}

const PARTS = ["value", "unit", "date", "confidence", "flag", "note"];

/** Return the changes that add the fact of a form, with the sources that are new. */
function changesOf(form: FormData, keys: string[], unknown: Unknown[]): Change[] {
  const text = (name: string) => String(form.get(name) ?? "").trim();
  const given = PARTS.map((part): [string, Json] => [part, text(part)]).filter(([, value]) => value !== "");
  const fact = { ...Object.fromEntries(given), source: keys.length === 1 ? keys[0]! : keys };
  const sources = unknown.map(({ key }): Change => {
    const url = text(`url:${key}`);
    const block = { cite: text(`cite:${key}`), grade: text(`grade:${key}`).toUpperCase(), ...(url ? { url } : {}) };
    return { do: "put", loc: ["sources", key], value: block };
  });
  return [...sources, { do: "put", loc: ["facts", text("key")], value: fact }];
}
