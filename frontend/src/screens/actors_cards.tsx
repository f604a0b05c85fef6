import { useState } from "preact/hooks";
import type { Change, Json, Loc } from "../api";
import { Line } from "../parts/choice";
import { Removal } from "../parts/removal";
import { distributionOf, figureOf, mappingAt, namesAt, put, putOrTake, textAt, written } from "../parts/written";
import { theCase, view } from "../state";
import { useEdit } from "../parts/wrong";
import { plural, t, word } from "../words";
import { rolesOf, SIDES, theatres } from "./roles";

/** The forces of an actor that a case must state, with their units. */
const FORCES: [input: string, unit: string, name: string][] = [
  ["personnel", "persons", word("Soldiers")],
  ["spending", "USD bn per year", word("Military spending, bn USD a year")],
];

/** One actor: its name, its roles and its forces. */
export function Actor({ name }: { name: string }) {
  const loc: Loc = ["actors", name];
  const roles = rolesOf(name);
  const own = ownBeliefs(name);
  const [forces, others] = [own.filter((belief) => forceOf(belief)), own.filter((belief) => !forceOf(belief))];
  const line = (belief: string) => <Stated key={belief} belief={belief} of={name} />;
  const save = (part: string) => (value: string) => (part === "name" ? put([...loc, part], value) : value === "" ? putOrTake([...loc, part], "") : put([...loc, part], part === "cow" ? figureOf(value) : value));
  return (
    <li>
      <h3>{textAt(...loc, "name") || name} <span class="id">{name}</span></h3>
      <p class="small">
        {roles.length === 0 ? t("It has no role in a game.") : roles.map(([theatre, role]) => t("{role} in {theatre}", { role: t(role), theatre })).join("; ")}
      </p>
      <Line name={t("Name")} of={name} value={textAt(...loc, "name")} onSave={save("name")} />
      <Line name={t("Number of the state (COW)")} of={name} value={textAt(...loc, "cow")} onSave={save("cow")} />
      <Line name={t("Colour")} of={name} value={textAt(...loc, "colour")} onSave={save("colour")} />
      <Line name={t("Currency")} of={name} value={textAt(...loc, "currency")} onSave={save("currency")} />
      {forces.map(line)}
      {others.length > 0 && (
        <details>
          <summary>{plural("{count} other belief about it", "{count} other beliefs about it", others.length)}</summary>
          {others.map(line)}
        </details>
      )}
      <Removal name={textAt(...loc, "name") || name} uses={usesOf(name)} changes={() => removal(name, own)} />
    </li>
  );
}

/** A belief about an actor. A placeholder says so, and asks who judges it and why. */
function Stated({ belief, of }: { belief: string; of: string }) {
  const loc: Loc = ["beliefs", belief];
  const isPlaceholder = theCase.value?.templates.some(({ loc: [block, key] }) => block === "beliefs" && key === belief) ?? false;
  return (
    <div class={isPlaceholder ? "placeholder" : ""}>
      <Line name={named(belief)} of={of} value={textAt(...loc, "is")} onSave={(value) => put([...loc, "is"], distributionOf(value))} />
      {isPlaceholder && (
        <>
          <p class="small">{t("A placeholder: nobody has judged it. Exports say draft until you replace it and say who judged it and why.")}</p>
          {REASONS.map(([part, name]) => (
            <Line key={part} name={t(name)} of={belief} value={textAt(...loc, part)} onSave={(value) => put([...loc, part], value)} />
          ))}
        </>
      )}
    </div>
  );
}

function named(belief: string): string {
  const force = forceOf(belief);
  return force === undefined ? belief : t(force);
}

/** The word of a force that a belief is; undefined for any other belief, and for a force in one theatre. */
const forceOf = (belief: string) => (belief.includes("@") ? undefined : FORCES.find(([input]) => belief.startsWith(`${input}.`))?.[2]);

/** The beliefs of the case file about an actor and not about one of its conditions. */
function ownBeliefs(actor: string): string[] {
  const conditions = Object.keys(mappingAt("regimes"));
  return Object.keys(mappingAt("beliefs")).filter((belief) => {
    const [head = ""] = belief.split("@");
    return head.split(".").slice(1).includes(actor) && !conditions.some((key) => head.endsWith(`.${key}`));
  });
}

/** What of the case still names an actor, so that it cannot go. */
function usesOf(actor: string): string[] {
  const events = Object.keys(mappingAt("events")).filter((key) => written("events", key, "scale", actor) !== undefined || JSON.stringify(mappingAt("events", key)).includes(`"spending.${actor}"`));
  const conditions = Object.keys(mappingAt("regimes")).filter((key) => textAt("regimes", key, "actor") === actor);
  const paths = written("spending", "paths", actor) === undefined ? [] : [`spending.paths.${actor}`];
  const roles = rolesOf(actor).map(([theatre]) => `theatres.${theatre}`);
  return [...new Set([...roles, ...conditions.map((key) => `regimes.${key}`), ...events.map((key) => `events.${key}`), ...paths])];
}

/** The changes that take out an actor with its beliefs. */
const removal = (name: string, own: string[]): Change[] => [...own.map((belief): Change => ({ do: "take", loc: ["beliefs", belief] })), { do: "take", loc: ["actors", name] }];

const EMPTY = { key: "", name: "", role: "", personnel: "", spending: "", by: "", why: "" };
const ENTRIES: [keyof typeof EMPTY, string][] = [
  ["key", word("Short name, such as BET")],
  ["name", word("Name")],
];
const REASONS: [keyof typeof EMPTY, string][] = [
  ["by", word("Judged by")],
  ["why", word("Reason")],
];

/** A form for a further actor. With a role it needs forces, for which there are no defaults. */
export function NewActor() {
  const [entered, setEntered] = useState(EMPTY);
  const [make, wrong] = useEdit();
  if (!view.value?.writable) return null;
  const roles = theatres().flatMap((theatre) => SIDES.map(([side, name]): [string, string] => [`${theatre}.${side}`, `${theatre}: ${t(name)}`]));
  const needed = ENTRIES.concat(entered.role === "" ? [] : [["personnel", word("Soldiers")], ...REASONS]);
  const missing = needed.some(([part]) => entered[part].trim() === "") || written("actors", entered.key) !== undefined;
  const input = ([part, name]: [keyof typeof EMPTY, string]) => (
    <label class="row" key={part}>
      <span>{t(name)}</span>
      <input value={entered[part]} onInput={(event) => setEntered({ ...entered, [part]: event.currentTarget.value })} />
    </label>
  );
  const add = async (event: Event) => {
    event.preventDefault();
    if (await make(changesFor(entered))) setEntered(EMPTY);
  };
  return (
    <li>
      <h3>{t("Add an actor")}</h3>
      <form onSubmit={(event) => void add(event)}>
        {ENTRIES.map(input)}
        <label class="row">
          <span>{t("Role")}</span>
          <select value={entered.role} onChange={(event) => setEntered({ ...entered, role: event.currentTarget.value })}>
            <option value="">{t("none yet")}</option>
            {roles.map(([key, text]) => <option key={key} value={key}>{text}</option>)}
          </select>
        </label>
        {entered.role !== "" && (
          <>
            <p class="small">{t("A number, or a range such as lognormal(8 to 16). Leave the spending empty if the table of spending has it.")}</p>
            {FORCES.map(([part, , name]) => input([part as keyof typeof EMPTY, name]))}
            {REASONS.map(input)}
          </>
        )}
        <button disabled={missing}>{t("Add an actor")}</button>
        {wrong}
      </form>
    </li>
  );
}

/** The changes that add an actor, with its forces if it has a role. */
function changesFor({ key, name, role, by, why, ...forces }: typeof EMPTY): Change[] {
  const changes: Change[] = [{ do: "put", loc: ["actors", key], value: { name } }];
  if (role === "") return changes;
  const [theatre = "", side = ""] = role.split(".");
  changes.push({ do: "put", loc: ["theatres", theatre, side], value: [...namesAt("theatres", theatre, side), key] });
  for (const [input, unit] of FORCES) {
    const given = forces[input as keyof typeof forces].trim();
    const is = distributionOf(given);
    const belief: Record<string, Json> = { is, unit, by, why };
    if (given !== "") changes.push({ do: "put", loc: ["beliefs", `${input}.${key}`], value: belief });
  }
  return changes;
}
