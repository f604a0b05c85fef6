// Requests of the argument screen: an article's sentences, what claims need, and what tests can be made of.
import { batch, signal } from "@preact/signals";
import { answer, Gone, type Json, type Said, type View } from "../../api";
import { handedTo } from "../../parts/handed";
import { reasonOf, refusal, view } from "../../state";
import { hasAll, sentencesOf } from "./data";

export type Block = Record<string, Json>;

/** A sentence of the article in this window; the case stores `block` alone. */
export interface Sentence {
  number: number;
  text: string;
  proposed: boolean;
  block: Block;
  claims: Block[];
}

export interface Article {
  title: string;
  day: string | null;
  notes: string[];
  article: Block | null;
  source: Block;
  sentences: Sentence[];
}

/** What a claim still needs, and where it is met: a line of the case file, or an item of another screen. */
export interface Need {
  text: string;
  remedy: string | null;
  screen?: string;
  item?: string;
  line?: number | null;
}

export interface FactOption {
  key: string;
  kind: "number" | "truth" | "day" | "text";
  value: string;
  unit: string;
}

export interface Quantity {
  name: string;
  meaning: string;
  probability: boolean;
  roles: string[];
  events: "optional" | "required" | "none";
  milestones: boolean;
  unit: string;
}

export interface TheatreOption {
  actors: Record<string, string[]>;
  words: Record<string, string[]>;
  milestones: number[];
  horizon: number;
}

export interface TestOptions {
  facts: FactOption[];
  quantities: Quantity[];
  theatres: Record<string, TheatreOption>;
  events: Record<string, string>;
}

/** What is the same for every case. */
export interface Terms {
  checkable: number;
  kinds: Record<string, string>;
  flags: Record<string, string>;
  /** Units in words. */
  units: Record<string, string>;
  empty: Block;
}

interface ArgumentView {
  terms: Terms;
  needs: Record<string, Need[]>;
  said: Record<string, Record<string, string>>;
  tests: TestOptions | null;
}

export interface Measured {
  sources: Block;
  facts: Block;
  test: Block;
  cites: string[];
}

/** The article in this window: it goes with the window. */
export const article = signal<Article | null>(null);
export const terms = signal<Terms | null>(null);
export const needs = signal<Record<string, Need[]>>({});
/** What claims ("") and their parts say in the reader's language, where the case has a translation. */
export const said = signal<Record<string, Record<string, string>>>({});
/** Null while the case has errors. */
export const tests = signal<TestOptions | null>(null);

let reads = 0;

/** Read again what claims need; a later call outruns an earlier one. What did not change keeps its value, so that nothing is drawn again. */
export async function readArgument(): Promise<void> {
  reads += 1;
  const own = reads;
  const now = await orRefusal(answer<ArgumentView>("/api/argument"));
  if (own !== reads || "message" in now) return;
  batch(() => {
    if (!isSame(terms.value, now.terms)) terms.value = now.terms;
    if (!isSame(tests.value, now.tests)) tests.value = now.tests;
    needs.value = now.needs;
    said.value = now.said;
  });
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

export const sendText = (text: string) => orRefusal(answer<Article>("/api/article", { text }));
export const sendFile = (name: string, file: string) => orRefusal(answer<Article>("/api/article", { name, file }));

/** Read the article that the case was made of, if this window still has it and the case has its sentences. */
export async function readHanded({ file, data }: View): Promise<void> {
  const handed = handedTo(file);
  if (article.value !== null || handed === null || !("text" in handed ? handed.text.trim() : handed.file)) return;
  const answered = "text" in handed ? await sendText(handed.text) : await sendFile(handed.name, handed.file);
  if (!("message" in answered) && hasAll(sentencesOf(data), answered.sentences)) article.value = answered;
}

export const askMeasured = (says: string) => orRefusal(answer<Measured>("/api/measured", { says }));

async function orRefusal<T>(request: Promise<T>): Promise<T | Said> {
  try {
    return await request;
  } catch (error) {
    const reason = reasonOf(error);
    if (error instanceof Gone) refusal.value = reason;
    return reason;
  }
}
