// What an event of the case file may change, and to what.
import type { Json } from "../api";
import { mappingAt, namesAt, textAt, written } from "../parts/written";
import { t, word } from "../words";
import { calledOf, effects } from "./events_effects";
import { nameOf } from "./roles";

/** How an event changes an input: `set` to a state or path, `scale` spending, `multiply` an input; `against` sets the world to compare with. */
export type Way = "set" | "scale" | "multiply" | "against";
export const WAYS: Way[] = ["set", "scale", "multiply", "against"];

const PARTS = { money: word("money"), law: word("law"), alliance: word("alliances"), other: word("other inputs") };

/** The part of an event that a change belongs to, as the effects of events are shared out. */
export function partOf(way: Way, changed: string): string {
  if (way === "multiply") return t(PARTS.other);
  if (!changed.startsWith("regimes.")) return t(PARTS.money);
  return t(textAt("regimes", changed.slice("regimes.".length), "kind") === "alignment" ? PARTS.alliance : PARTS.law);
}

/** The name of an input with its meaning, as far as the server has told it. */
function meaningOf(input: string): string {
  const meaning = effects.value?.inputs[input];
  return meaning === undefined ? input : `${input} (${meaning})`;
}

/** What a change is called. */
export function nameOfChange(way: Way, changed: string): string {
  if (way === "scale") return t("Spending of {name}, times", { name: nameOf(changed) });
  if (way === "multiply") return t("{input}, times", { input: meaningOf(changed) });
  const [head, rest] = split(changed);
  const name = head === "spending" ? t("Spending path of {name}", { name: nameOf(rest) }) : t("State of {name}", { name: calledOf(changed) });
  return way === "against" ? t("Compared with: {change}", { change: name }) : name;
}

/** The states of a condition or the paths of an actor's spending, of which `set` and `against` choose one. */
export function choicesOf(changed: string): string[] {
  const [head, rest] = split(changed);
  if (head === "spending") return [...namesAt("spending", "paths", rest, "options"), "record"];
  return [textAt("regimes", rest, "firm"), textAt("regimes", rest, "loose")].filter(Boolean);
}

/** A change that is chosen in a list, whose options name it as a text. */
export const chosenChange = (chosen: string): [way: Way, changed: string] => chosen.split(" ") as [Way, string];

/** Whether a change sets a number; any other chooses a state or path. */
export const isNumber = (way: Way): boolean => way === "scale" || way === "multiply";

/** What events may change, each with how; inputs of the game come from the server. */
export function changeables(inputs: string[]): [way: Way, changed: string][] {
  const set = [
    ...Object.keys(mappingAt("regimes")).map((key) => `regimes.${key}`),
    ...Object.keys(mappingAt("spending", "paths")).map((key) => `spending.${key}`),
  ];
  return [
    ...set.map((key): [Way, string] => ["set", key]),
    ...Object.keys(mappingAt("actors")).map((key): [Way, string] => ["scale", key]),
    ...inputs.map((key): [Way, string] => ["multiply", key]),
    ...set.map((key): [Way, string] => ["against", key]),
  ];
}

/** The claims and other tests of the case file that name an event. */
export function testsOf(event: string): string[] {
  const name = new RegExp(`(?<![\\w.])${event.replace(/\W/g, "\\$&")}(?![\\w.])`);
  const asks = (value: Json | undefined): boolean => {
    if (!(value instanceof Object)) return false;
    return Object.entries(value).some(([key, item]) => (key === "holds" && typeof item === "string" ? name.test(item) : asks(item as Json)));
  };
  return ["claims", "arguments", "explanations"].flatMap((block) =>
    Object.keys(mappingAt(block)).filter((key) => asks(written(block, key))).map((key) => `${block}.${key}`),
  );
}

function split(changed: string): [head: string, rest: string] {
  const dot = changed.indexOf(".");
  return [changed.slice(0, dot), changed.slice(dot + 1)];
}
