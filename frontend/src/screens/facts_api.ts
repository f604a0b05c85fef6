// The requests of the screen of facts, and their types.
import { answer, type Json, type View } from "../api";

/** What reads a fact, and the sources that nothing else uses. */
export interface Uses {
  claims: { id: string; says: string }[];
  beliefs: string[];
  observed: boolean;
  sources: string[];
}

/** A table on its way into the case; `parts` is null until the reader has chosen what the columns are. */
export interface Sent {
  name: string;
  content: string;
  sheet: string;
  named: boolean;
  parts: string[] | null;
  texts: Record<string, string>;
  decimal: string | null;
  dates: string | null;
}

export interface Remark {
  cause: string;
  remedy: string;
  row: number;
  cell: string;
}

export interface Preview {
  columns: { name: string; part: string }[];
  rows: { line: number; cells: string[] }[];
  total: number;
  missing: string[];
  facts: number;
  sources: { key: string; cite: string }[];
  errors: Remark[];
  wrong: number;
  /** Rows with one cell, which are no facts. */
  alone: Remark[];
  remarks: Remark[];
}

export interface MeasureChoice {
  name: string;
  title: string;
  subject: "states" | "pairs" | "sides" | "three";
  states: string;
  years: [number, number];
  column: string | null;
  columns: string[];
  /** Names of the data sets that it is computed from. */
  needs: string[];
  inputs: { name: string; default: number; low: number; high: number; meaning: string }[];
}

export interface Measures {
  measures: MeasureChoice[];
  states: { code: string; name: string }[];
}

export interface Measured {
  block: Record<string, Json>;
  about: string;
}

export const readUses = (key: string) => answer<Uses>("/api/facts/uses", { key });
export const readPreview = (sent: Sent) => answer<Preview>("/api/facts/preview", sent as unknown as Json);
export const addTable = (base: string, sent: Sent) => answer<View>("/api/facts/add", { base, table: sent as unknown as Json });
export const readMeasures = () => answer<Measures>("/api/facts/measures");
export const readMeasured = (from: string) => answer<Measured>("/api/facts/measured", { from });

/** Change a cell of a table of the case; `seen` is the version of the table. */
export const writeCell = (base: string, cell: { seen: string; file: string; line: number; key: string; column: string; text: string }) =>
  answer<View>("/api/facts/cell", { base, ...cell });
