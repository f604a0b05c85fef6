import { useState } from "preact/hooks";
import type { Fact } from "../api";
import { takeWantedItem } from "../jump";
import { Field } from "../parts/field";
import { OfCase } from "../parts/unread";
import { edit, view } from "../state";
import { t, word } from "../words";

const ROWS = 50;
const HEADS = [word("Key"), word("Value"), word("Unit"), word("Date"), word("Source"), word("Confidence"), word("Note")];

/** The facts of the case. Those of the case file can be changed here; those of tables stand in their files. */
export function Facts() {
  return <OfCase show={({ facts }) => <AllFacts all={facts} />} />;
}

function AllFacts({ all }: { all: Fact[] }) {
  const [wanted, setWanted] = useState(takeWantedItem);
  const [shown, setShown] = useState(ROWS);
  const found = all.filter((fact) => `${fact.key} ${fact.note}`.toLowerCase().includes(wanted.toLowerCase()));
  return (
    <>
      <label>
        {t("Find")} <input type="search" value={wanted} onInput={(event) => setWanted(event.currentTarget.value)} />
      </label>
      <p role="status">{t("{found} of {all} facts", { found: found.length, all: all.length })}</p>
      <div class="scroll" tabIndex={0} role="region" aria-label={t("Facts")}>
        <table>
          <thead>
            <tr>
              {HEADS.map((head) => <th key={head} scope="col">{t(head)}</th>)}
            </tr>
          </thead>
          <tbody>
            {found.slice(0, shown).map((fact) => <Row key={fact.key} fact={fact} />)}
          </tbody>
        </table>
      </div>
      {found.length > shown && (
        <button type="button" onClick={() => setShown(shown + ROWS)}>{t("Show more")}</button>
      )}
    </>
  );
}

function Row({ fact }: { fact: Fact }) {
  const inFile = view.value?.data?.["facts"] instanceof Object && fact.key in (view.value.data["facts"] as object);
  const fixed = !inFile || !view.value?.writable;
  const cell = (name: "value" | "unit" | "date" | "note", label: string) => (
    <td data-label={t(label)}>
      <Field
        label={`${t(label)}: ${fact.key}`}
        value={String(fact[name] ?? "")}
        readOnly={fixed}
        wide={name === "note"}
        onSave={(value) => void edit([value === "" ? { do: "take", loc: ["facts", fact.key, name] } : { do: "put", loc: ["facts", fact.key, name], value }])}
      />
    </td>
  );
  return (
    <tr>
      <th scope="row" title={fact.file ?? undefined}>{fact.key}</th>
      {cell("value", word("Value"))}
      {cell("unit", word("Unit"))}
      {cell("date", word("Date"))}
      <td data-label={t("Source")}>{fact.source.join(", ")}</td>
      <td data-label={t("Confidence")}>{fact.confidence}</td>
      {cell("note", word("Note"))}
    </tr>
  );
}
