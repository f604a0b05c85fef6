import { useEffect, useRef, useState } from "preact/hooks";
import { Refused } from "../api";
import { addTable, type Preview, readPreview, type Remark, type Sent } from "../screens/facts_api";
import { change, waiting } from "../state";
import { plural, t, word } from "../words";
import { CONFIDENCE } from "./fact_rows";
import { Labelled } from "./labelled";
import { Told } from "./told";

const PAUSE = 300; // milliseconds without a change before the table is read
const MAX_BYTES = 2_000_000;
const PASTED = "pasted.txt";
const EMPTY: Sent = { name: PASTED, content: "", sheet: "", named: true, parts: null, texts: {}, decimal: null, dates: null };
const PARTS: [part: string, name: string][] = [
  ["", word("not read")],
  ["key", word("Key")],
  ["value", word("Value")],
  ["unit", word("Unit")],
  ["date", word("Date")],
  ["kind", word("Kind")],
  ["source", word("Source")],
  ["confidence", word("Confidence")],
  ["note", word("Note")],
  ["range", word("Range")],
  ["flag", word("Why it is used although it is weak")],
  ["expected", word("Due on")],
];

/** A table from a spreadsheet on its way into the case: what each column is, what cannot be read, and one edit that adds the facts. */
export function TablePaste({ text, sources, onDone }: { text: string; sources: string; onDone: () => void }) {
  const [sent, setSent] = useState<Sent>({ ...EMPTY, content: encoded(new TextEncoder().encode(text)) });
  const [pasted, setPasted] = useState(text);
  const [problem, setProblem] = useState("");
  const { preview, refused } = usePreview(sent);
  const put = (part: Partial<Sent>) => setSent({ ...sent, ...part });
  const write = (cells: string) => {
    setPasted(cells);
    const chosen = sent.name === PASTED && headOf(cells) === headOf(pasted) ? sent : EMPTY; // the same columns: the choices stay
    setSent({ ...chosen, content: encoded(new TextEncoder().encode(cells)) });
  };
  const opened = async (file: File | undefined) => {
    if (!file) return;
    setProblem(file.size > MAX_BYTES ? t("The file is larger than 2 MB. Use the command tocsin facts import.") : "");
    setPasted("");
    if (file.size <= MAX_BYTES) setSent({ ...EMPTY, name: file.name, content: encoded(new Uint8Array(await file.arrayBuffer())) });
  };
  return (
    <>
      <Labelled name={t("Cells of a spreadsheet, pasted with the names of their columns")}>
        <textarea rows={4} value={pasted} onInput={(event) => write(event.currentTarget.value)} />
      </Labelled>
      <Labelled name={t("Or a file: CSV or a workbook (.xlsx)")}>
        <input type="file" accept=".csv,.tsv,.txt,.md,.xlsx" onChange={(event) => void opened(event.currentTarget.files?.[0])} />
      </Labelled>
      <Layout sent={sent} put={put} />
      {(problem || refused) && <p role="alert">{problem || refused}</p>}
      {preview && <Mapping preview={preview} sent={sent} sources={sources} put={put} />}
      <div class="tools">
        {preview && (
          <button type="button" disabled={waiting.value || preview.facts === 0 || preview.wrong > 0} onClick={() => void change((base) => addTable(base, sent)).then((done) => done && onDone())}>
            {plural("Add {count} fact", "Add {count} facts", preview.facts)}
          </button>
        )}
        <button type="button" onClick={onDone}>{t("Close")}</button>
      </div>
    </>
  );
}

/** Return what the server makes of a table; a later table supersedes an earlier one. */
function usePreview(sent: Sent): { preview: Preview | null; refused: string } {
  const [result, setResult] = useState<{ preview: Preview | null; refused: string }>({ preview: null, refused: "" });
  const asked = useRef(0);
  useEffect(() => {
    asked.current += 1;
    const own = asked.current;
    if (sent.content === "") return setResult({ preview: null, refused: "" });
    const timer = setTimeout(() => {
      const show = (next: { preview: Preview | null; refused: string }) => own === asked.current && setResult(next);
      readPreview(sent).then(
        (preview) => show({ preview, refused: "" }),
        (error: unknown) => {
          if (error instanceof Refused) show({ preview: null, refused: [error.message, error.remedy].filter(Boolean).join(" – ") });
        },
      );
    }, PAUSE);
    return () => clearTimeout(timer);
  }, [sent]);
  return result;
}

/** Return the first line of cells that is not blank. */
const headOf = (cells: string): string => cells.trim().split("\n", 1)[0]?.trim() ?? "";

function encoded(bytes: Uint8Array): string {
  let text = "";
  for (let index = 0; index < bytes.length; index += 8192) text += String.fromCharCode(...bytes.subarray(index, index + 8192));
  return btoa(text);
}

/** How the cells are to be read. */
function Layout({ sent, put }: { sent: Sent; put: (part: Partial<Sent>) => void }) {
  const select = (name: string, value: string | null, choices: [string, string][], write: (value: string | null) => void) => (
    <Labelled name={name}>
      <select value={value ?? ""} onChange={(event) => write(event.currentTarget.value || null)}>
        <option value="">{t("as the cells show")}</option>
        {choices.map(([choice, shown]) => <option key={choice} value={choice}>{shown}</option>)}
      </select>
    </Labelled>
  );
  return (
    <div class="form">
      <label>
        <input type="checkbox" checked={sent.named} onChange={(event) => put({ named: event.currentTarget.checked, parts: null })} />{" "}
        {t("A row has the names of the columns")}
      </label>
      {select(t("Decimal mark"), sent.decimal, [[".", "1.5"], [",", "1,5"]], (decimal) => put({ decimal }))}
      {select(t("Order of dates"), sent.dates, [["dmy", t("day, month, year")], ["mdy", t("month, day, year")]], (dates) => put({ dates }))}
      {sent.name.toLowerCase().endsWith(".xlsx") && (
        <Labelled name={t("Sheet")}><input value={sent.sheet} onChange={(event) => put({ sheet: event.currentTarget.value, parts: null })} /></Labelled>
      )}
    </div>
  );
}

interface MappingProps {
  preview: Preview;
  sent: Sent;
  sources: string;
  put: (part: Partial<Sent>) => void;
}

/** What each column is, and what is the same in every row; then the first rows. */
function Mapping({ preview, sent, sources, put }: MappingProps) {
  const parts = preview.columns.map(({ part }) => part);
  const same = (part: string, text: string) => put({ parts, texts: { ...sent.texts, [part]: text } });
  return (
    <>
      <fieldset class="form">
        <legend>{t("What each column is")}</legend>
        {preview.columns.map(({ name, part }, index) => (
          <Labelled key={name} name={name}>
            <select value={part} onChange={(event) => put({ parts: parts.map((one, at) => (at === index ? event.currentTarget.value : one)) })}>
              {PARTS.map(([choice, shown]) => <option key={choice} value={choice}>{t(shown)}</option>)}
            </select>
          </Labelled>
        ))}
      </fieldset>
      <fieldset class="form">
        <legend>{t("The same in every row")}</legend>
        {(["unit", "date", "source", "flag"] as const).filter((part) => !parts.includes(part)).map((part) => (
          <Labelled key={part} name={t(PARTS.find(([one]) => one === part)?.[1] ?? part)}>
            <input value={sent.texts[part] ?? ""} list={part === "source" ? sources : undefined} onChange={(event) => same(part, event.currentTarget.value)} />
          </Labelled>
        ))}
        {!parts.includes("confidence") && (
          <Labelled name={t("Confidence")}>
            <select value={sent.texts["confidence"] ?? ""} onChange={(event) => same("confidence", event.currentTarget.value)}>
              <option value="" />
              {Object.entries(CONFIDENCE).map(([level, name]) => <option key={level} value={level}>{t(name)}</option>)}
            </select>
          </Labelled>
        )}
      </fieldset>
      <FirstRows preview={preview} />
      <Findings preview={preview} />
    </>
  );
}

function FirstRows({ preview: { columns, rows, total } }: { preview: Preview }) {
  return (
    <>
      <div class="scroll" tabIndex={0} role="region" aria-label={t("First rows of the table")}>
        <table>
          <thead>
            <tr>{columns.map(({ name }) => <th key={name} scope="col">{name}</th>)}</tr>
          </thead>
          <tbody>
            {rows.map(({ line, cells }) => (
              <tr key={line}>{cells.map((cell, index) => <td key={index} data-label={columns[index]?.name}>{cell}</td>)}</tr>
            ))}
          </tbody>
        </table>
      </div>
      {total > rows.length && <p>{t("{found} of {all} rows are shown.", { found: rows.length, all: total })}</p>}
    </>
  );
}

function Findings({ preview }: { preview: Preview }) {
  const names = preview.missing.map((part) => t(PARTS.find(([one]) => one === part)?.[1] ?? part));
  return (
    <div role="status">
      {names.length > 0 && <p>{t("Choose a column, or write what is the same in every row: {names}", { names: names.join(", ") })}</p>}
      {preview.wrong > 0 && <p>{plural("{count} cell cannot be read. Correct it, or choose other columns.", "{count} cells cannot be read. Correct them, or choose other columns.", preview.wrong)}</p>}
      <Remarks remarks={preview.errors} error />
      {preview.alone.length > 0 && <p>{t("These rows have one cell only and become no facts. Complete those that are no headings or notes.")}</p>}
      <Remarks remarks={preview.alone} error />
      {preview.sources.length > 0 && (
        <p>{t("New sources of grade F6, which you grade in the case: {names}", { names: preview.sources.map(({ key, cite }) => `${key} (${cite})`).join("; ") })}</p>
      )}
      {preview.remarks.length > 0 && (
        <details open={preview.remarks.some(({ remedy }) => remedy !== "")}>
          <summary>{plural("How cells were read: {count} remark", "How cells were read: {count} remarks", preview.remarks.length)}</summary>
          <Remarks remarks={preview.remarks} error={false} />
        </details>
      )}
    </div>
  );
}

function Remarks({ remarks, error }: { remarks: Remark[]; error: boolean }) {
  return (
    <ul>
      {remarks.map(({ cause, remedy, row, cell }, index) => (
        <li key={index} class={error ? "error" : "notice"}>
          <strong>{t("Row {row}", { row })}</strong> {cell && <code>{cell}</code>} <Told of={{ message: cause, remedy }} />
        </li>
      ))}
    </ul>
  );
}
