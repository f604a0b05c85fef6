// Requests to the server of this page. Every answer is JSON.
import type { SketchData } from "./sketch";

export type Loc = (string | number)[];
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type Change = { do: "put"; loc: Loc; value: Json } | { do: "take"; loc: Loc };

export interface Problem {
  message: string;
  file: string | null;
  line: number | null;
  column: number | null;
  remedy: string | null;
}

export interface Fact {
  key: string;
  value: Json;
  unit: string;
  date: string | null;
  source: string[];
  confidence: string;
  note: string;
  file: string | null;
  line: number | null;
}

export interface Belief {
  name: string;
  is: string;
  unit: string;
  by: string | null;
  why: string;
  source: string[];
  isDefault: boolean;
  points: [number, number, number];
  rests: string;
}

export interface Claim {
  id: string;
  says: string;
  kind: string;
  sentence?: number;
  holds?: string;
  parts?: Record<string, { says: string; holds?: string }>;
}

export interface Case {
  id: string;
  title: string;
  asOf: string;
  /** Items with the template's text: the path of the first text, and the line of the item. */
  templates: { loc: Loc; line: number | null }[];
  facts: Fact[];
  beliefs: Belief[];
  claims: Claim[];
  /** The SHA-256 of each table of facts. */
  tables: Record<string, string>;
  sources: Record<string, { cite: string; grade: string; url: string | null }>;
}

export interface View {
  version: string;
  file: string;
  writable: boolean;
  language: string;
  undo: boolean;
  redo: boolean;
  data: Record<string, Json> | null;
  problems: Problem[];
  notices: Problem[];
  case: Case | null;
}

export interface Result {
  says: string;
  verdict: string;
  verdictWords: string;
  words: string;
  probability: [number, number, number] | null;
  explanation: string;
  /** Of the probability over models and thresholds; empty if facts decide. */
  range: string;
  models: Share[];
  thresholds: { means: string; points: Share[]; turns: string[] } | null;
  facts: { key: string; value: string; date: string; sources: string[] }[];
}

/** A probability, in words and as a number, and what it is of. */
export interface Share {
  name: string;
  said: string;
  share: number;
}

export interface ClaimVerdict extends Result {
  id: string;
  /** That the article is the claim's only source; empty if there is another. */
  alone: string;
  confidence: string;
  limits: string[];
  drivers: { input: string; meaning: string; share: number }[];
  turning: string;
  failing: string;
  note: string;
  parts: (Result & { name: string })[];
}

export interface Verdicts {
  run: string;
  last: boolean;
  moment: string;
  draws: number;
  seed: number;
  stale: boolean;
  /** How the run differs from the case by inputs that were set for it; empty if it does not. */
  sets: string;
  /** Version of the program that made a run that came with it; else empty. */
  shipped: string;
  questions: { asks: string; answer: string }[];
  notices: string[];
  claims: ClaimVerdict[];
}

export interface HandState {
  claim: string;
  stage?: string;
  done?: number;
  ready?: SketchData;
  /** Parts that have no figure, as their measure misses a control. */
  unseen?: string[];
  message?: string;
  remedy?: string | null;
}

/** What a claim is with moved inputs: solved again, or why not. */
export interface Answered {
  verdict?: string;
  worlds?: number;
  /** Whether an answer from more worlds follows. */
  more?: boolean;
  parts?: Record<string, { probability: number; error: number | null }>;
  superseded?: boolean;
  message?: string;
  remedy?: string | null;
}

export type JobKind = "assess" | "compare" | "challenge" | "verify" | "download";

export interface Progress {
  job: JobKind | "";
  running: boolean;
  stage: string;
  done: number;
  left: number | null;
  message: string;
  remedy: string;
}

/** An item of the case that either of two edits changed; null is no value. */
export interface Difference {
  path: string[];
  base: string | null;
  theirs: string | null;
  mine: string | null;
}

/** The text that another window saved first; what differs and my edit on that text, where the server knows them. */
export interface Theirs {
  text: string;
  version: string;
  differs: Difference[] | null;
  merged: string | null;
}

/** What a request was refused for. */
export interface Said {
  message: string;
  remedy: string | null;
}

/** A request that the server refused, with the remedy; `theirs` if the case changed meanwhile, `problems` if the edit brings errors. */
export class Refused extends Error {
  constructor(
    message: string,
    readonly remedy: string | null,
    readonly theirs: Theirs | null,
    readonly problems: Said[] = [{ message, remedy }],
  ) {
    super(message);
  }
}

/** The server does not answer: it ended, or the terminal closed it. */
export class Gone extends Error {}

/** Ask the server: with a body it is a POST. A file is sent as it is. */
export async function answer<T>(path: string, body?: Json | File): Promise<T> {
  const response = await responseTo(path, body);
  return (await response.json()) as T;
}

/** Ask the server what it answers line by line, and show each line as it comes. */
async function answers<T>(path: string, body: Json, show: (line: T) => void): Promise<void> {
  const response = await responseTo(path, body);
  let rest = "";
  for await (const text of response.body!.pipeThrough(new TextDecoderStream()) as unknown as AsyncIterable<string>) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) show(JSON.parse(line) as T);
  }
}

async function responseTo(path: string, body?: Json | File): Promise<Response> {
  const options: RequestInit =
    body === undefined
      ? {}
      : body instanceof File
        ? { method: "POST", body }
        : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  let response: Response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Gone();
  }
  if (response.ok) return response;
  if (response.headers.get("Content-Type") !== "application/json") throw new Refused(await response.text(), null, null);
  const said = (await response.json()) as Said & { problems?: Said[] };
  throw new Refused(said.message, said.remedy, "text" in said ? (said as unknown as Theirs) : null, said.problems);
}

export const readWords = () => answer<{ language: string; words: Record<string, string>; nonce: string }>("/api/words");
export const readCase = () => answer<View>("/api/case");
export const readText = () => answer<{ version: string; text: string }>("/api/text");
export const sendEdit = (base: string, changes: Change[]) => answer<View>("/api/edit", { base, changes: changes as Json });
export const sendText = (base: string, text: string) => answer<View>("/api/text", { base, text });
export const sendUndo = (base: string) => answer<View>("/api/undo", { base });
export const sendRedo = (base: string) => answer<View>("/api/redo", { base });
export const readVerdicts = (run: string) => answer<Verdicts | null>(`/api/verdicts?run=${run}`);
export const startRun = () => answer<object>("/api/run", {});
export const stopJob = () => answer<object>("/api/stop", {});

/** Call a function with the progress of the work in the background, now and whenever it changes; another when the server is back or shows another case. */
export function followJobs(show: (progress: Progress) => void, again: () => void): void {
  const source = new EventSource("/api/progress");
  source.onerror = () => {
    source.onopen = again;
  };
  source.onmessage = (event: MessageEvent<string>) => show(JSON.parse(event.data) as Progress);
}

export const focusOn = (claim: string) => answer<{ stored: SketchData | null }>("/api/focus", { claim });
export const readHand = (claim: string) => answer<HandState>(`/api/hand?claim=${encodeURIComponent(claim)}`);
export const askMove = (claim: string, set: Record<string, string>, show: (answer: Answered) => void) =>
  answers<Answered>("/api/move", { claim, set }, show);
