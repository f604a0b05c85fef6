import { signal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Said } from "../api";
import { takeWantedItem, wantedItem } from "../jump";
import { FactForm } from "../parts/fact_form";
import { MeasureForm } from "../parts/fact_measure";
import { cellFault, changed, CONFIDENCE, type FactRow, type Field, rowsOf, sourcesOf } from "../parts/fact_rows";
import { RemoveDialog } from "../parts/fact_remove";
import { TablePaste } from "../parts/fact_table";
import { Cell, Grid } from "../parts/grid";
import { Panel } from "../parts/panel";
import { OfCase } from "../parts/unread";
import { writeCell } from "./facts_api";
import { changeSoundly, dropped, edit, view } from "../state";
import { plural, t, word } from "../words";

const ROWS = 250; // more than most cases have; a grid of this size stays fast
const HEADS = [word("Key"), word("Value"), word("Unit"), word("Date"), word("Source"), word("Confidence"), word("Note"), word("Remove")];
const SOURCES = "fact-sources";

/** What is open above the grid, and the cells that were pasted. */
const open = signal<{ part: "fact" | "table" | "measure"; text: string } | null>(null);
/** The fact that a question is about, and its row in the grid. */
const removing = signal<{ key: string; row: number } | null>(null);

/** The facts of the case. Those of the case file can be changed here, also while it has errors; those of tables stand in their files. */
export function Facts() {
  if (!view.value?.data) return <OfCase show={() => null} />;
  return (
    <>
      {view.value.writable && <Adding />}
      <AllFacts all={rowsOf(view.value)} />
      {removing.value !== null && <RemoveDialog name={removing.value.key} onClose={answered} />}
      <datalist id={SOURCES}>
        {sourcesOf(view.value).map(([key, cite]) => <option key={key} value={key}>{cite}</option>)}
      </datalist>
    </>
  );
}

/** End the question about a fact; the row that stands in its place gets the focus. */
function answered(): void {
  const row = removing.value?.row ?? 1;
  removing.value = null;
  requestAnimationFrame(() => {
    const rows = document.querySelector<HTMLTableElement>("table.grid")?.rows;
    rows?.[Math.min(row, rows.length - 1)]?.cells[1]?.querySelector<HTMLElement>("input")?.focus();
  });
}

/** Three ways to add facts, one of them open at a time. */
function Adding() {
  const hasForm = useRef(false);
  hasForm.current ||= open.value?.part === "fact";
  const bar = useRef<HTMLDivElement>(null);
  const close = () => {
    const part = open.value?.part;
    open.value = null;
    bar.current?.querySelector<HTMLButtonElement>(`[data-part="${part}"]`)?.focus();
  };
  const button = (part: "fact" | "table" | "measure", name: string) => (
    <button
      type="button" data-part={part} aria-expanded={open.value?.part === part}
      onClick={() => { open.value = open.value?.part === part ? null : { part, text: "" }; }}
    >
      {t(name)}
    </button>
  );
  return (
    <>
      <div class="tools" ref={bar}>
        {button("fact", word("Add a fact"))}
        {button("table", word("Paste or open a table"))}
        {button("measure", word("Take a fact from public data"))}
      </div>
      {hasForm.current && <NewFacts isOpen={open.value?.part === "fact"} onClose={close} />}
      {open.value?.part === "table" && <Panel name={t("Paste or open a table")}><TablePaste key={open.value.text} text={open.value.text} sources={SOURCES} onDone={close} /></Panel>}
      {open.value?.part === "measure" && <Panel name={t("Take a fact from public data")}><MeasureForm onDone={close} /></Panel>}
    </>
  );
}

/** The form for facts, one after the other. What was filled in stays while it is closed. */
function NewFacts({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const around = useRef<HTMLDivElement>(null);
  const [added, setAdded] = useState<string[]>([]);
  useEffect(() => {
    if (isOpen) around.current?.querySelector("input")?.focus();
  }, [isOpen, added]);
  return (
    <div ref={around} hidden={!isOpen}>
      <Panel name={t("Add a fact")}>
        <FactForm key={added.length} sources={SOURCES} onAdded={(key) => setAdded([...added, key])} onClose={onClose} />
        <p role="status">{added.length > 0 && t("Added: {names}", { names: added.join(", ") })}</p>
      </Panel>
    </div>
  );
}

function AllFacts({ all }: { all: FactRow[] }) {
  const [wanted, setWanted] = useState(takeWantedItem);
  useEffect(() => {
    if (wantedItem.value !== "") setWanted(takeWantedItem());
  }, [wantedItem.value]);
  const [shown, setShown] = useState(ROWS);
  const matching = all.filter(({ key, note, source }) => `${key} ${note} ${source}`.toLowerCase().includes(wanted.toLowerCase()));
  const writable = view.value?.writable ?? false;
  const pasted = (text: string) => {
    if (writable) open.value = { part: "table", text };
  };
  return (
    <>
      <label>
        {t("Find")} <input type="search" value={wanted} onInput={(event) => setWanted(event.currentTarget.value)} />
      </label>
      <p role="status">{plural("{found} of {count} fact", "{found} of {count} facts", all.length, { found: matching.length })}</p>
      <p id="grid-keys" class="small">
        {t("Arrow keys move between the cells. Typing replaces a cell, F2 edits it, Enter saves it, Escape restores it. Cells of a spreadsheet can be pasted here.")}
      </p>
      <div class="scroll">
        <Grid label={t("Facts")} describedBy="grid-keys" heads={HEADS.slice(0, writable ? 8 : 7).map((head) => t(head))} onPaste={pasted}>
          {matching.slice(0, shown).map((row) => <Row key={row.key} row={row} writable={writable} />)}
        </Grid>
      </div>
      {matching.length > shown && (
        <button type="button" onClick={() => setShown(shown + ROWS)}>{t("Show more")}</button>
      )}
    </>
  );
}

/** Save a cell in the case file or in its table; return why it is not saved. */
async function save(row: FactRow, column: Field, text: string): Promise<Said[]> {
  const { key, place } = row;
  const fault = cellFault(row, column, text);
  if (fault !== null) return [fault];
  if (place === null) return edit(changed(view.value, key, column, text));
  return changeSoundly((base) => writeCell(base, { ...place, key, column, text }));
}

function Row({ row, writable }: { row: FactRow; writable: boolean }) {
  const cell = (name: Field, label: string, more: { list?: string; choices?: [string, string][]; wide?: boolean } = {}) => (
    <td data-label={t(label)}>
      <Cell
        label={`${t(label)}: ${row.key}`} value={row[name]} readOnly={!writable} dropped={dropped.value} {...more}
        onSave={(text) => save(row, name, text)}
      />
      {name === "source" && row.grades && <span class="small">{row.grades}</span>}
    </td>
  );
  const known = Object.entries(CONFIDENCE).map(([level, name]): [string, string] => [level, t(name)]);
  const levels: [string, string][] = row.confidence in CONFIDENCE ? known : [[row.confidence, row.confidence], ...known];
  return (
    <tr>
      <th scope="row">{row.key}</th>
      {cell("value", word("Value"))}
      {cell("unit", word("Unit"))}
      {cell("date", word("Date"))}
      {cell("source", word("Source"), { list: SOURCES })}
      {cell("confidence", word("Confidence"), { choices: levels })}
      {cell("note", word("Note"), { wide: true })}
      {writable && (
        <td data-label={row.place ? undefined : t("Remove")}>
          {row.place ? (
            <span class="small">{t("In {file}, line {line}", { file: row.place.file, line: row.place.line })}</span>
          ) : (
            <button
              type="button" tabIndex={-1} aria-label={t("Remove {name}", { name: row.key })}
              onClick={(event) => { removing.value = { key: row.key, row: event.currentTarget.closest("tr")?.rowIndex ?? 1 }; }}
            >
              ×
            </button>
          )}
        </td>
      )}
    </tr>
  );
}
