// The names of codes, and the key of each.
import { word } from "../../words";
import type { Code } from "./requests";

export interface Named {
  code: string;
  name: string;
  key: string;
}

export const CODE_NAMES: Record<Code | "all", string> = {
  target: word("Target"),
  tone: word("Tone"),
  speaker: word("Speaker"),
  theme: word("Theme"),
  all: word("All four"),
};

export const TONES: Named[] = [
  { code: "-2", name: word("hostile"), key: "1" },
  { code: "-1", name: word("critical"), key: "2" },
  { code: "0", name: word("neutral"), key: "3" },
  { code: "1", name: word("friendly"), key: "4" },
];

export const SPEAKERS: Named[] = [
  { code: "kcna", name: word("the agency"), key: "k" },
  { code: "official", name: word("official"), key: "o" },
  { code: "newspaper", name: word("newspaper"), key: "n" },
  { code: "foreign", name: word("foreign voice"), key: "f" },
];

export const THEMES: Named[] = [
  { code: "history", name: word("history"), key: "h" },
  { code: "military_buildup", name: word("military build-up"), key: "m" },
  { code: "constitution_law", name: word("constitution and law"), key: "c" },
  { code: "exercises_alliance", name: word("exercises and alliance"), key: "e" },
  { code: "nuclear_missile", name: word("nuclear arms and missiles"), key: "w" },
  { code: "sanctions", name: word("sanctions"), key: "s" },
  { code: "abduction", name: word("abductions"), key: "a" },
  { code: "territory", name: word("territory"), key: "t" },
  { code: "chongryon_koreans_in_japan", name: word("Chongryon and Koreans in Japan"), key: "r" },
  { code: "diplomacy_friendship", name: word("diplomacy and friendship"), key: "d" },
  { code: "domestic", name: word("domestic affairs"), key: "i" },
  { code: "other", name: word("other"), key: "x" },
];

/** Keys of the targets that are watched. */
export const TARGET_KEYS: Record<string, string> = { JPN: "j", USA: "u", KOR: "g" };
export const ACCEPT = "y";
export const LATER = "l";
export const BACK = "b";
export const UNDO = "z";

/** Return the names of codes separated by `;`; codes without a name stay. */
export function said(codes: string, names: (code: string) => string | undefined): string {
  return codes.split(";").filter(Boolean).map((code) => names(code) ?? code).join(", ");
}

export const nameIn = (list: Named[]) => (code: string) => list.find((item) => item.code === code)?.name;
