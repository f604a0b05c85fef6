import { useState } from "preact/hooks";
import { t, word } from "../../words";
import { Choose, OPERATORS, Write } from "./fact_test";
import type { Block, Quantity, TestOptions, TheatreOption } from "./requests";
import { type Use, UseIt } from "./tests";

const ROLES: Record<string, string> = {
  actor: word("Actor"),
  regime: word("Regime"),
  instrument: word("Instrument"),
  rung: word("Rung"),
  year: word("Year"),
  way: word("Way"),
};
const CHANCES = [
  { key: "comes", name: word("is the chance that it comes true") },
  { key: "stays away", name: word("is the chance that it does not come true") },
];

interface Chosen {
  theatre: string;
  name: string;
  roles: Record<string, string>;
  events: string[];
  given: string[];
}

/** Compare a quantity of a game with a size, or take it as the chance of a forecast. */
export function GameTest({ tests, isForecast, onUse }: { tests: TestOptions; isForecast: boolean; onUse: Use }) {
  const { quantities, theatres } = tests;
  const [chosen, setChosen] = useState<Chosen>({ theatre: Object.keys(theatres)[0] ?? "", name: quantities[0]?.name ?? "", roles: {}, events: [], given: [] });
  const [relation, setRelation] = useState(">");
  const [size, setSize] = useState("");
  const [isSwept, setSwept] = useState(true);
  const quantity = quantities.find(({ name }) => name === chosen.name);
  const theatre = theatres[chosen.theatre];
  if (quantity === undefined || theatre === undefined) return <p>{t("The case has no game. Say on the screen of actors who wants what from whom.")}</p>;
  const change = (part: Partial<Chosen>) => setChosen({ ...chosen, ...part });
  const chances = isForecast && quantity.probability ? CHANCES : [];
  const isChance = chances.some(({ key }) => key === relation);
  const call = written(quantity, theatre, chosen, Object.keys(theatres).length > 1);
  const test = call === "" ? null : tested(call, relation, size.trim(), quantity.unit, isSwept, isChance);
  return (
    <>
      {Object.keys(theatres).length > 1 && (
        <Choose label={t("Theatre")} value={chosen.theatre} options={same(Object.keys(theatres))} onChoose={(key) => change({ theatre: key, roles: {} })} />
      )}
      <Choose label={t("Quantity")} value={chosen.name} options={quantities.map(({ name, meaning }) => ({ key: name, name: `${name}: ${meaning}` }))} onChoose={(name) => change({ name, roles: {} })} />
      <p class="small">{quantity.meaning}</p>
      {quantity.roles.map((role) => {
        const options = optionsOf(role, quantity, theatre);
        const label = t(ROLES[role] ?? role);
        const set = (value: string) => change({ roles: { ...chosen.roles, [role]: value } });
        return options === null
          ? <Write key={role} label={label} value={chosen.roles[role] ?? ""} onWrite={set} />
          : <Choose key={role} label={label} value={chosen.roles[role] ?? options[0] ?? ""} options={same(options)} onChoose={set} />;
      })}
      {quantity.events !== "none" && (
        <>
          <Events legend={t("Events")} all={tests.events} chosen={chosen.events} onChoose={(events) => change({ events })} />
          {chosen.events.length > 0 && (
            <Events legend={t("Happens in both worlds that are compared")} all={tests.events} chosen={chosen.given} onChoose={(given) => change({ given })} />
          )}
        </>
      )}
      <Choose label={t("It holds if the quantity")} value={relation} options={[...chances, ...OPERATORS].map(({ key, name }) => ({ key, name: t(name) }))} onChoose={setRelation} />
      {!isChance && (
        <>
          <Write label={t("Size")} value={size} onWrite={setSize} />
          <label><input type="checkbox" checked={isSwept} onChange={(event) => setSwept(event.currentTarget.checked)} /> {t("Try half and twice this size too")}</label>
        </>
      )}
      {test && <UseIt test={test} onUse={() => onUse(test)} />}
    </>
  );
}

function same(names: string[]) {
  return names.map((name) => ({ key: name, name }));
}

function Events({ legend, all, chosen, onChoose }: { legend: string; all: Record<string, string>; chosen: string[]; onChoose: (names: string[]) => void }) {
  return (
    <fieldset>
      <legend>{legend}</legend>
      {Object.entries(all).map(([name, says]) => (
        <label key={name} class="check">
          <input
            type="checkbox" checked={chosen.includes(name)}
            onChange={(event) => onChoose(event.currentTarget.checked ? [...chosen, name] : chosen.filter((other) => other !== name))}
          />{" "}
          {says} <code>{name}</code>
        </label>
      ))}
    </fieldset>
  );
}

/** Return what an argument may be in a theatre; null if it is a year of one's own choice. */
function optionsOf(role: string, quantity: Quantity, theatre: TheatreOption): string[] | null {
  if (role === "actor") return theatre.actors[quantity.name] ?? [];
  if (role === "year") return quantity.milestones ? theatre.milestones.map(String) : null;
  return theatre.words[role] ?? [];
}

/** The call in the test language; empty while something is to be chosen. */
function written(quantity: Quantity, theatre: TheatreOption, { theatre: name, roles, events, given }: Chosen, names: boolean): string {
  const heads = quantity.roles.map((role) => roles[role]?.trim() || (optionsOf(role, quantity, theatre)?.[0] ?? ""));
  if (heads.includes("") || (quantity.events === "required" && events.length === 0)) return "";
  const happening = quantity.events === "none" ? "" : [events.join(" + "), ...(events.length > 0 && given.length > 0 ? [given.join(" + ")] : [])].join(" | ");
  const last = [happening, names ? `in ${name}` : ""].filter(Boolean).join(" ");
  return `${quantity.name}(${[...heads, last].filter(Boolean).join(", ")})`;
}

/** The test of a call; null while its size is missing. */
function tested(call: string, relation: string, size: string, unit: string, isSwept: boolean, isChance: boolean): Block | null {
  if (isChance) return { chance: relation === "comes" ? call : `1 - ${call}` };
  const number = Number(size.replace(/\s*%$/, ""));
  if (size === "" || !Number.isFinite(number)) return null;
  const central = size.endsWith("%") ? Number((number / 100).toPrecision(12)) : number;
  if (!isSwept || central === 0) return { holds: `${call} ${relation} ${central}${unit === "" ? "" : ` ${unit}`}` };
  const values = [central / 2, central, central * 2].map((value) => Number(value.toPrecision(12))).sort((one, two) => one - two);
  return { holds: `${call} ${relation} threshold`, threshold: { values, central, ...(unit === "" ? {} : { unit }) } };
}
