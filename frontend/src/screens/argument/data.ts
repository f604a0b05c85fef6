// What the case file says of claims and sentences, whether or not the case has errors.
import type { Change, Json, Loc } from "../../api";
import type { Article, Block, Sentence } from "./requests";

export interface StoredSentence {
  number: number;
  hash: string;
  quote: string;
  checkable: number | null;
  kind: string;
  flags: { kind: string; on: string; why: string }[];
}

/** What has a test: a claim, or a part of one. */
export interface Target {
  loc: Loc;
  name: string;
  says: string;
  kind: string;
  holds: string;
  chance: string;
  needs: string[];
  untested: string;
  threshold: Json | null;
  keys: string[];
  sources: string[];
}

export interface ClaimItem extends Target {
  id: string;
  sentence: number | null;
  due: string;
  mechanism: string;
  parts: Target[];
}

type Data = Record<string, Json> | null | undefined;

const PARTS = ["parts", "any of", "most of"];
/** Of these a claim or a part has one; a threshold belongs to a test. */
const TESTS = ["holds", "chance", "untested", "threshold"];

export function block(value: Json | undefined): Block {
  return value instanceof Object && !Array.isArray(value) ? value : {};
}

function text(value: Json | undefined): string {
  return value === undefined || value === null || value instanceof Object ? "" : String(value);
}

function texts(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.map(text) : text(value) === "" ? [] : [text(value)];
}

function number(value: Json | undefined): number | null {
  return typeof value === "number" ? value : null;
}

export function claimsOf(data: Data): ClaimItem[] {
  return Object.entries(block(data?.["claims"])).map(([id, value]) => {
    const claim = block(value);
    const kind = text(claim["kind"]);
    const parts = PARTS.flatMap((key) =>
      Object.entries(block(claim[key])).map(([name, part]) => target(["claims", id, key, name], `${id} ${name}`, block(part), kind)),
    );
    return { ...target(["claims", id], id, claim, kind), id, sentence: number(claim["sentence"]), due: text(claim["due"]), mechanism: text(claim["mechanism"]), parts };
  });
}

function target(loc: Loc, name: string, value: Block, kind: string): Target {
  return {
    loc,
    name,
    says: text(value["says"]),
    kind,
    holds: text(value["holds"]),
    chance: text(value["chance"]),
    needs: texts(block(value["untested"])["needs"]),
    untested: text(block(value["untested"])["why"]),
    threshold: value["threshold"] ?? null,
    keys: Object.keys(value),
    sources: texts(value["sources"]),
  };
}

export function sentencesOf(data: Data): StoredSentence[] {
  return Object.entries(block(data?.["sentences"])).map(([key, value]) => stored(Number(key), block(value)));
}

/** Return whether a case has all sentences of an article. */
export function hasAll(own: StoredSentence[], all: Sentence[]): boolean {
  const hashes = new Map(own.map((sentence) => [sentence.number, sentence.hash]));
  return all.every(({ number: at, block }) => hashes.get(at) === block["hash"]);
}

export function stored(at: number, value: Block): StoredSentence {
  const flags = Array.isArray(value["flags"]) ? value["flags"].map(block) : [];
  return {
    number: at,
    hash: text(value["hash"]),
    quote: text(value["quote"]),
    checkable: number(value["checkable"]),
    kind: text(value["kind"]),
    flags: flags.map((flag) => ({ kind: text(flag["kind"]), on: text(flag["on"]), why: text(flag["why"]) })),
  };
}

/** Changes that put an article's sentences in the case, in place of those that it has. A case may have no source that nothing names: it comes with a claim. */
export function storing({ sentences, source, article }: Article, data: Data): Change[] {
  const blocks = Object.fromEntries(sentences.map((sentence) => [String(sentence.number), sentence.block]));
  return [
    ...taking(data, "sentences"),
    { do: "put", loc: ["sentences"], value: blocks },
    ...(block(data?.["sources"])["article"] === undefined ? [] : [{ do: "put" as const, loc: ["sources", "article"], value: source }]),
    ...(article === null ? taking(data, "article") : [{ do: "put" as const, loc: ["article"], value: article }]),
  ];
}

function taking(data: Data, name: string): Change[] {
  return data?.[name] === undefined ? [] : [{ do: "take", loc: [name] }];
}

/** Changes that add claims, with the article as a source if they name one that the case lacks; and the name of the first. They take the place of C1 if it has the words `blank` and is the only claim: it stood for them. */
export function adding(data: Data, claims: Block[], source?: Block, blank?: Json): { changes: Change[]; first: string } {
  const known = block(data?.["claims"]);
  const ids = Object.keys(known);
  const isBlank = blank !== undefined && ids.length === 1 && block(known["C1"])["says"] === blank;
  const numbers = isBlank ? [] : ids.map((id) => Number(/^C(\d{1,6})$/.exec(id)?.[1] ?? 0));
  const last = Math.max(0, ...numbers); // a number that was freed is not used again: claims keep their order
  const names = claims.map((_, at) => `C${last + at + 1}`);
  const lacks = source !== undefined && block(data?.["sources"])["article"] === undefined;
  return {
    changes: [
      ...(lacks ? [{ do: "put" as const, loc: ["sources", "article"], value: source }] : []),
      ...claims.map((value, at): Change => ({ do: "put", loc: ["claims", names[at]!], value })),
    ],
    first: names[0]!,
  };
}

/** Changes that give a claim or a part another test, in place of the one that it has. */
export function testing({ loc, keys, sources }: Target, test: Block, cites: string[] = []): Change[] {
  const own = cites.filter((name) => !sources.includes(name));
  return [
    ...Object.entries(test).map(([key, value]): Change => ({ do: "put", loc: [...loc, key], value })),
    ...TESTS.filter((key) => keys.includes(key) && !(key in test)).map((key): Change => ({ do: "take", loc: [...loc, key] })),
    ...(own.length > 0 ? [{ do: "put" as const, loc: [...loc, "sources"], value: [...sources, ...own] }] : []),
  ];
}

/** Changes that give a claim one part more; a claim without parts gets two, and the first keeps its words and its test. */
export function parting(claim: ClaimItem, empty: Block): Change[] {
  const added = { says: empty["says"] ?? null, untested: empty["untested"] ?? null };
  const last = claim.parts.at(-1);
  if (last !== undefined) {
    const around = last.loc.slice(0, 3);
    const names = claim.parts.map(({ loc }) => loc[3]);
    let at = names.length + 1;
    while (names.includes(`part_${at}`)) at += 1;
    return [{ do: "put", loc: [...around, `part_${at}`], value: added }];
  }
  const test = claim.holds === "" ? { untested: added.untested } : { holds: claim.holds };
  const swept = claim.holds === "" || claim.threshold === null ? {} : { threshold: claim.threshold };
  return testing(claim, { parts: { first: { says: claim.says, ...test, ...swept }, second: added } });
}

/** Changes that remove a claim from the case and from what names it; the names of what stays without it, and of what goes with it. */
export function removing(data: Data, id: string): { changes: Change[]; stays: string[]; goes: string[] } {
  const changes: Change[] = [];
  const stays: string[] = [];
  const goes: string[] = [];
  const without = (name: string, key: string, list: string, gone: boolean) => {
    const all = texts(block(block(data?.[name])[key])[list]);
    if (!all.includes(id)) return;
    const left = all.filter((other) => other !== id);
    const isGone = gone && left.length === 0;
    const asks = text(block(block(data?.[name])[key])["asks"]);
    (isGone ? goes : stays).push(asks === "" ? key : `${key} (${asks})`);
    if (left.length > 0) changes.push({ do: "put", loc: [name, key, list], value: left });
    else changes.push({ do: "take", loc: isGone ? [name, key] : [name, key, list] });
  };
  for (const key of Object.keys(block(data?.["questions"]))) without("questions", key, "claims", true);
  for (const key of Object.keys(block(data?.["arguments"]))) without("arguments", key, "against", false);
  for (const [key, value] of Object.entries(block(data?.["outcomes"]))) {
    if (text(block(value)["claim"]) !== id) continue;
    goes.push(key);
    changes.push({ do: "take", loc: ["outcomes", key] });
  }
  return { changes: [...changes, { do: "take", loc: ["claims", id] }], stays, goes };
}
