// The requests of the media screen, and the values that they return.
import { answer, type Json } from "../../api";

export type CoderName = "shipped" | "own";
export const CODES = ["target", "tone", "speaker", "theme"] as const;
export type Code = (typeof CODES)[number];
/** Codes as the codebook writes them; lists are separated by `;`. */
export type Codes = Record<Code, string>;

export interface Report {
  n: number;
  left_out: number;
  outcome: "better" | "worse" | "unclear";
  changes: { code: Code | "all"; before: number; after: number; low: number; high: number }[];
}

export interface Archive {
  statements: number;
  latest: string | null;
  counted_from: string;
  coded: number;
  needed: number;
  file: string;
  learned: Report | null;
  states: Record<string, string>;
  korean: boolean;
}

export interface Headline {
  id: string;
  date: string | null;
  outlet: string | null;
  language: string | null;
  title: string;
  translation: string | null;
  codes: Codes;
  probabilities: Record<Code, number | null>;
  certainty: number | null;
  words: string;
  mine: Codes | null;
}

export interface Week {
  week: string;
  output: number;
  days: number;
  critical: number | null;
  hostile: number | null;
  gap: "open" | "empty" | "days" | "output" | null;
  expected: { mean: number; low: number; high: number; calendar: number } | null;
}

export interface Judgement {
  week: string;
  items: number;
  expected: number;
  calendar: number;
  events: number;
  carried: number;
  count: string;
  count_items: number;
  count_expected: number;
  count_limit: number;
  theme: string;
  probability: number;
  rings: boolean;
}

export interface Target {
  target: string;
  name: string;
  weeks: Week[];
  judgement: Judgement | null;
  occasions: string[];
  events: { date: string; says: string }[];
  critical: number;
  headlines: string[];
}

export interface Agreement {
  n: number;
  few: boolean;
  statistics: { name: string; value: number; low: number; high: number }[];
  differences: { column: Code; first: string; second: string; count: number }[];
  tone: Confusion;
  speaker: Confusion;
  theme: { name: string; both: number; reader: number; coder: number }[];
}

export interface Confusion {
  names: string[];
  counts: number[][];
}

export interface WorkState {
  task?: "week" | "learn";
  about?: string[];
  stage?: string;
  done?: number;
  ready?: Json;
  message?: string;
  remedy?: string | null;
}

export interface Added {
  added: number;
  known: number;
  lost: number;
  reasons: string[];
}

const ask = <T>(name: string, body: Record<string, Json>) => answer<T>(`/api/media/${name}`, body);

export const readArchives = () => answer<string[]>("/api/media/archives");
export const readArchive = (archive: string) => ask<Archive>("archive", { archive });
export const addTable = (archive: string, name: string, data: string, outlet: string) => ask<Added>("add", { archive, name, data, outlet });
export const readHeadlines = (archive: string, coder: CoderName, page: number) =>
  ask<{ all: number; pages: number; items: Headline[] }>("headlines", { archive, coder, page });
/** The number goes as text into the body: it is larger than what JavaScript counts exactly. */
export const sendCodes = (archive: string, number: string, codes: Codes | null) => ask<{ coded: number }>("correct", { archive, number, codes });
export const readAgreement = (archive: string) => ask<Agreement | null>("agree", { archive });
export const startWeek = (archive: string, coder: CoderName) => ask<{ started: boolean }>("week", { archive, coder });
export const startLearning = (archive: string) => ask<{ started: boolean }>("learn", { archive });
export const readWork = () => answer<WorkState>("/api/media/work");
export const stopWork = () => ask<object>("stop", {});
