// What the case file itself says, also while the case has errors; and edits of it.
import type { Change, Json, Loc, Said } from "../api";
import { edit, view } from "../state";

export type Mapping = Record<string, Json>;

/** The value at a path of the case file; undefined where there is none. */
export function written(...loc: Loc): Json | undefined {
  let value: Json | undefined = view.value?.data ?? undefined;
  for (const part of loc) {
    if (!(value instanceof Object)) return undefined;
    const around = value as Mapping;
    value = Object.hasOwn(around, part) ? around[part] : undefined;
  }
  return value;
}

/** The mapping at a path; empty where there is none. */
export function mappingAt(...loc: Loc): Mapping {
  const block = written(...loc);
  return block instanceof Object && !Array.isArray(block) ? block : {};
}

/** The names of a list at a path, of which one may stand alone; empty where there is none. */
export function namesAt(...loc: Loc): string[] {
  const list = written(...loc);
  return Array.isArray(list) ? list.map(String) : typeof list === "string" ? [list] : [];
}

/** The text or number at a path; empty where there is none. */
export function textAt(...loc: Loc): string {
  const value = written(...loc);
  return value === undefined || value === null || value instanceof Object ? "" : String(value);
}

/** Return a number for a text that is one, else the text: the case then says what is wrong with it. */
export function figureOf(text: string): Json {
  const number = Number(text);
  return text.trim() !== "" && Number.isFinite(number) ? number : text;
}

/** Return the numbers of a list with commas; a part that is none stays a text, and the case then says what is wrong with it. */
export const figuresOf = (text: string): Json[] => text.split(",").map((part) => figureOf(part.trim()));

/** Return a distribution for a text: a number alone is a value without uncertainty. */
export function distributionOf(text: string): string {
  return text.trim() !== "" && Number.isFinite(Number(text)) ? `fixed(${text.trim()})` : text;
}

/** Write a value at a path; return why it is not saved. */
export const put = (loc: Loc, value: Json): Promise<Said[]> => edit([{ do: "put", loc, value }]);

/** Write a text at a path, or take it out if it is empty; return why it is not saved. */
export const putOrTake = (loc: Loc, text: string): Promise<Said[]> => edit([text === "" ? { do: "take", loc } : { do: "put", loc, value: text }]);

/** Changes that write items into a mapping, which begins with the first of them. */
export function puts(loc: Loc, items: Mapping): Change[] {
  const entries = Object.entries(items);
  if (written(...loc) !== undefined || loc.length === 1) return entries.map(([key, value]) => ({ do: "put", loc: [...loc, key], value }));
  return [{ do: "put", loc, value: items }];
}

/** Changes that take an item out of a mapping, and the mapping with its last item. */
export function takes(loc: Loc, key: string): Change[] {
  const last = Object.keys(mappingAt(...loc)).length === 1;
  return [last && loc.length > 1 ? { do: "take", loc } : { do: "take", loc: [...loc, key] }];
}
