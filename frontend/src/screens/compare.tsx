import { useEffect, useState } from "preact/hooks";
import { answer } from "../api";
import { Job } from "../parts/job";
import { Dated } from "../parts/moment";
import { OfCase } from "../parts/unread";
import { NewVariant } from "../parts/variant";
import { attempt, ended } from "../run";
import { view } from "../state";
import { t, word } from "../words";

interface Choice {
  key: string;
  kind: "case" | "variant" | "run" | "beside";
  name: string;
  why: string;
  moment: string;
}

interface Cell {
  text: string;
  verdict: string;
  verdictWords: string;
  probability: number | null;
  error: number | null;
  noticeable: boolean;
}

interface Row {
  name: string;
  part: string;
  says: string;
  others: string[];
  kind: "verdict" | "probability" | "missing" | "same";
  largest: number | null;
  bearing: string[];
  cells: Cell[];
}

interface Comparison {
  items: { name: string; why: string; settings: string[] }[];
  rows: Row[];
  notices: string[];
  notes: string[];
}

const MAX_ITEMS = 6;
const NAMES = {
  case: word("{name}: the case as it stands"),
  variant: word("{name}: a variant"),
  run: word("{name}: a run of {day}"),
  beside: word("{name}: another case"),
};
const KINDS = { verdict: word("another verdict"), probability: word("more than chance"), missing: word("not in this case"), same: word("no more than chance") };
const WITHOUT_NUMBERS = { ...KINDS, same: word("the same verdict") };
const ORDERS = { differing: word("Different verdicts first"), largest: word("Largest difference first"), name: word("By name") };

/** The case, its variants, stored runs and other cases side by side. */
export function Compare() {
  const [choices, setChoices] = useState<Choice[] | null>(null);
  const [result, setResult] = useState<Comparison | null>(null);
  const version = view.value?.version;
  useEffect(() => {
    void attempt(answer<{ items: Choice[]; result: Comparison | null }>("/api/compare")).then((shown) => {
      setChoices(shown?.items ?? []);
      setResult(shown?.result ?? null);
    });
  }, [version, ended.value]);
  return (
    <OfCase
      show={() => (
        <>
          {choices === null ? <p role="status">{t("The items are being read …")}</p> : <Start choices={choices} />}
          {result !== null && <Result shown={result} />}
          {view.value?.writable && <NewVariant />}
        </>
      )}
    />
  );
}

function Start({ choices }: { choices: Choice[] }) {
  const [keys, setKeys] = useState<string[]>(["case"]);
  const chosen = choices.map(({ key }) => key).filter((key) => keys.includes(key));
  const start = () => void attempt(answer<object>("/api/compare", { items: chosen }));
  return (
    <>
      <fieldset class="choices">
        <legend>{t("What to compare")}</legend>
        <p class="small">{t("Choose two to six. Differences are from the first one in this list.")}</p>
        {choices.map(({ key, kind, name, why, moment }) => (
          <label key={key}>
            <input
              type="checkbox"
              checked={chosen.includes(key)}
              disabled={!chosen.includes(key) && chosen.length >= MAX_ITEMS}
              onChange={(event) => setKeys(event.currentTarget.checked ? [...chosen, key] : chosen.filter((other) => other !== key))}
            />{" "}
            <Dated text={t(NAMES[kind], { name })} moment={moment} /> <span class="small">{why}</span>
          </label>
        ))}
      </fieldset>
      <Job kind="compare">
        <button type="button" class="first" disabled={chosen.length < 2} onClick={start}>
          {t("Compare the chosen items")}
        </button>
      </Job>
    </>
  );
}

function Result({ shown }: { shown: Comparison }) {
  const [order, setOrder] = useState<keyof typeof ORDERS>("differing");
  const [only, setOnly] = useState(false);
  const rows = ordered(shown.rows, order).filter((row) => !only || differs(row));
  return (
    <>
      <h2>{t("Comparison")}</h2>
      {shown.notices.map((notice) => <p key={notice} class="banner">{notice}</p>)}
      <ol>
        {shown.items.map(({ name, why, settings }) => (
          <li key={name}>{name} <span class="small">{[why, ...settings].filter(Boolean).join("; ")}</span></li>
        ))}
      </ol>
      <p class="tools">
        <label>
          {t("Order")}{" "}
          <select value={order} onChange={(event) => setOrder(event.currentTarget.value as keyof typeof ORDERS)}>
            {Object.entries(ORDERS).map(([key, name]) => <option key={key} value={key}>{t(name)}</option>)}
          </select>
        </label>
        <label>
          <input type="checkbox" checked={only} onChange={(event) => setOnly(event.currentTarget.checked)} /> {t("Only those that differ")}
        </label>
      </p>
      <div class="scroll" tabIndex={0} role="region" aria-label={t("Comparison")}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t("Claim")}</th>
              {shown.items.map(({ name }, index) => <th key={name} scope="col">{index + 1}. {name}</th>)}
              <th scope="col" aria-sort={order === "largest" ? "descending" : undefined}>{t("Difference")}</th>
              <th scope="col">{t("Probability, 0 to 100 %")}</th>
            </tr>
          </thead>
          <tbody>{rows.map((row) => <Line key={row.name} row={row} items={shown.items.map(({ name }) => name)} />)}</tbody>
        </table>
      </div>
      {rows.some(hasDots) && (
        <p class="small">{t("A dot for each item, with its number; a line spans one standard error on either side. The dashed line is item 1.")}</p>
      )}
      {shown.notes.map((note) => <p key={note} class="small">{note}</p>)}
    </>
  );
}

const differs = ({ kind }: Row) => kind === "verdict" || kind === "probability";
const hasDots = ({ cells }: Row) => cells.some(({ probability }) => probability !== null);

/** The server sends rows with those that differ first. */
function ordered(rows: Row[], order: keyof typeof ORDERS): Row[] {
  if (order === "largest") return rows.toSorted((one, other) => (other.largest ?? -1) - (one.largest ?? -1));
  if (order === "name") return rows.toSorted((one, other) => one.name.localeCompare(other.name, undefined, { numeric: true }));
  return rows;
}

function Line({ row, items }: { row: Row; items: string[] }) {
  return (
    <tr>
      <th scope="row">
        <span class="id">{row.name}</span> {row.says}
        {row.others.map((text) => <div key={text} class="small">{text}</div>)}
        {row.bearing.length > 0 && differs(row) && (
          <div class="small">{t("What differs and bears on it: {inputs}", { inputs: row.bearing.join(", ") })}</div>
        )}
      </th>
      {row.cells.map((cell, index) => (
        <td key={items[index]} data-label={items[index]} class={cell.noticeable ? "differs" : ""}>{cell.text}</td>
      ))}
      <td data-label={t("Difference")}>
        <span class={differs(row) ? `differs ${row.kind}` : ""}>{t(row.largest === null ? WITHOUT_NUMBERS[row.kind] : KINDS[row.kind])}</span>
        {row.largest !== null && <div class="small">{t("{points} points", { points: (100 * row.largest).toFixed(1) })}</div>}
      </td>
      {hasDots(row) ? <td data-label={t("Probability, 0 to 100 %")}><Dots cells={row.cells} /></td> : <td />}
    </tr>
  );
}

const HEIGHT = 18;
const at = (probability: number) => `${8 + 88 * Math.min(Math.max(probability, 0), 1)}%`;

/** The probabilities of a claim on one scale; the cells of the row say the same in words. */
function Dots({ cells }: { cells: Cell[] }) {
  const first = cells[0]?.probability ?? null;
  return (
    <svg class="dots" width="100%" height={HEIGHT * cells.length} aria-hidden="true" focusable="false">
      {[0, 0.5, 1].map((tick) => <line key={tick} class="grid" x1={at(tick)} x2={at(tick)} y1="0" y2="100%" />)}
      {first !== null && <line class="first-item" x1={at(first)} x2={at(first)} y1="0" y2="100%" />}
      {cells.map(({ probability, error }, index) => {
        if (probability === null) return null;
        const y = HEIGHT * (index + 0.5);
        return (
          <g key={index}>
            <line x1={at(probability - (error ?? 0))} x2={at(probability + (error ?? 0))} y1={y} y2={y} stroke-width="2" />
            <circle cx={at(probability)} cy={y} r="4" />
            <text x="0" y={y + 4}>{index + 1}</text>
          </g>
        );
      })}
    </svg>
  );
}
