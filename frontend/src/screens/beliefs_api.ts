// What stands beside beliefs, and the distributions that three points allow.
import { signal } from "@preact/signals";
import { answer } from "../api";

export interface Cited {
  key: string;
  cite: string;
  grade: string;
  url: string | null;
}

export interface About {
  meaning: string;
  bounds: [number, number];
  /** Its unit in words; empty for a plain number. */
  unitWords: string;
  /** Whether it is a probability, which words of likelihood can say. */
  chance: boolean;
}

export interface Beside extends About {
  origin: string;
  /** Who judged it and why; what the program says is in the reader's language. */
  by: string;
  why: string;
  from: string | null;
  /** The 5 %, 50 % and 95 % points of the stored estimate behind it. */
  estimate: [number, number, number] | null;
  sources: Cited[];
  fact: { key: string; value: string; date: string | null; sources: Cited[] } | null;
  default: string | null;
  ownSources: string[];
}

export interface Addable extends About {
  name: string;
  unit: string;
  is: string;
  from: string | null;
  points: [number, number, number] | null;
}

export interface AllBeside {
  beliefs: Record<string, Beside>;
  /** What each claim says, and its parts in words, in the reader's language. */
  claims: Record<string, { says: string; parts: Record<string, string> }>;
  addable: Addable[];
  likelihoods: { word: string; low: number; high: number }[];
}

/** A distribution with its points, and whether its median is near the wanted one. */
export interface Shape {
  is: string;
  points: [number, number, number];
  fits: boolean;
}

export const beside = signal<AllBeside | null>(null);

let newest = 0;

/** Read again what stands beside the beliefs; an answer for an older text of the case is left out. */
export async function readBeside(): Promise<void> {
  newest += 1;
  const own = newest;
  const all = await answer<AllBeside>("/api/beliefs");
  if (own === newest) beside.value = all;
}

/** The 5 %, 50 % and 95 % points; without a middle the shape gives it. */
export type WantedPoints = readonly [number, number | null, number];

export const readShapes = (points: WantedPoints, bounds: [number, number], family: string) =>
  answer<Shape[]>("/api/beliefs/shapes", { points: [...points], bounds, family });
