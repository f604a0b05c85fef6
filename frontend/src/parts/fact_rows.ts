// The facts as rows of a grid: those of the case file as it has them, also while the case has errors, then those of its tables.
import type { Change, Fact, Json, Said, View } from "../api";
import { t, word } from "../words";

/** The levels of confidence in a fact, with their words. */
export const CONFIDENCE: Record<string, string> = { confirmed: word("confirmed"), medium: word("medium"), low: word("low"), recalled: word("recalled") };

export interface FactRow {
  key: string;
  value: string;
  unit: string;
  date: string;
  source: string;
  confidence: string;
  note: string;
  grades: string;
  /** The file and line of a fact of a table, and the version of the table. */
  place: { file: string; line: number; seen: string } | null;
}

export type Field = "value" | "unit" | "date" | "source" | "confidence" | "note";

export function rowsOf(view: View): FactRow[] {
  const written = factsOf(view);
  const known = new Map(view.case?.facts.map((fact) => [fact.key, fact]));
  const grades = gradesOf(view);
  const own = Object.entries(written).map(([key, block]) => rowOf(key, block, known.get(key), grades));
  const tables = [...known.values()].filter(({ key }) => !(key in written));
  return [...own, ...tables.map((fact) => ({ ...rowOf(fact.key, fact as unknown as Block, fact, grades), place: placeOf(fact, view) }))];
}

type Block = Record<string, Json>;

function isBlock(value: Json | undefined): value is Block {
  return value instanceof Object && !Array.isArray(value);
}

function factsOf(view: View): Record<string, Block> {
  const facts = view.data?.["facts"];
  return isBlock(facts) ? Object.fromEntries(Object.entries(facts).filter((entry): entry is [string, Block] => isBlock(entry[1]))) : {};
}

/** Return the keys of the sources of the case, with what they cite. */
export function sourcesOf(view: View | null): [key: string, cite: string][] {
  const sources = view?.data?.["sources"];
  return isBlock(sources) ? Object.entries(sources).map(([key, source]) => [key, isBlock(source) ? String(source["cite"] ?? "") : ""]) : [];
}

function gradesOf(view: View): Map<string, string> {
  const sources = view.data?.["sources"];
  return new Map(Object.entries(isBlock(sources) ? sources : {}).map(([key, source]) => [key, isBlock(source) ? String(source["grade"] ?? "") : ""]));
}

function rowOf(key: string, block: Block, known: Fact | undefined, grades: Map<string, string>): FactRow {
  // a measured fact has its figure, unit and day from the data, unless the case writes them
  const text = (name: "value" | "unit" | "date" | "confidence" | "note") => String(block[name] ?? known?.[name] ?? "");
  const source = [block["source"] ?? []].flat().map(String);
  return {
    key,
    value: text("value"),
    unit: text("unit"),
    date: text("date"),
    source: source.join(", "),
    confidence: text("confidence"),
    note: text("note"),
    grades: source.map((name) => grades.get(name) ?? "?").join(", "),
    place: null,
  };
}

function placeOf({ file, line }: Fact, view: View): FactRow["place"] {
  return { file: file ?? "", line: line ?? 0, seen: view.case?.tables[file ?? ""] ?? "" };
}

/** Return the changes that give a field of a fact another text. */
export function changed(view: View | null, key: string, field: Field, text: string): Change[] {
  const loc = ["facts", key, field];
  const before = view === null ? undefined : factsOf(view)[key]?.[field];
  if (text.trim() === "") return before === undefined ? [] : [{ do: "take", loc }];
  return [{ do: "put", loc, value: field === "source" ? listed(text) : field === "value" ? valueOf(text.trim(), before) : text }];
}

const NUMBER = /^[-+−]?(\d[\d,]*\.?\d*|\.\d+)([eE][-+]?\d+)?$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Return what a value without a unit is: a number alone, a text, or what needs no unit (a day, true or false, a number with its unit). */
function kindOf(value: string): "number" | "text" | "clear" {
  const text = value.trim();
  if (NUMBER.test(text)) return "number";
  return text === "" || DAY.test(text) || /^(true|false)$/i.test(text) || /^[-+−]?\.?\d/.test(text) ? "clear" : "text";
}

/** Return why a value needs a unit that it does not have: a number alone would be a plain one, and all other words a text. */
export function unitFault(value: string, unit: string): Said | null {
  if (unit.trim() !== "") return null;
  const kind = kindOf(value);
  if (kind === "number") return { message: t("This number has no unit."), remedy: t("Write its unit, or 1 for a plain number.") };
  return kind === "text" ? { message: t("This would be read as a text, not as a number."), remedy: t("Write the word text as its unit if it is one; else write a number and its unit.") } : null;
}

/** Return why a cell of a fact cannot be changed so: it would make a plain number or a text of a value that is none. */
export function cellFault({ value, unit }: FactRow, column: Field, text: string): Said | null {
  if (column !== "value" && column !== "unit") return null;
  const now = column === "value" ? { value: text, unit } : { value, unit: text };
  const isSame = unit.trim() === "" && kindOf(value) === kindOf(now.value);
  return isSame ? null : unitFault(now.value, now.unit);
}

/** Return keys of sources as the case writes them: one as a text, several, which commas separate, as a list. */
export function listed(text: string): Json {
  const names = text.split(/[,;]/).map((name) => name.trim()).filter(Boolean);
  return names.length === 1 ? (names[0] ?? "") : names;
}

/** Return a value as the case writes it: true and false, a number where one stood, else a text. */
function valueOf(text: string, before: Json | undefined): Json {
  if (text === "true" || text === "false") return text === "true";
  return typeof before === "number" && Number.isFinite(Number(text)) ? Number(text) : text;
}
