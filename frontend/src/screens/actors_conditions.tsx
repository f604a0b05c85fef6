import { useState } from "preact/hooks";
import type { Change, Loc } from "../api";
import { Choice, Choices, Line } from "../parts/choice";
import { Removal } from "../parts/removal";
import { mappingAt, namesAt, put, putOrTake, textAt } from "../parts/written";
import { view } from "../state";
import { useEdit } from "../parts/wrong";
import { t, word } from "../words";
import { actorOptions, nameOf } from "./roles";

const KINDS: [string, string][] = [
  ["alignment", word("alignment")],
  ["posture", word("posture")],
  ["treaty", word("treaty")],
];
const INSTRUMENTS: [string, string][] = [
  ["hold", word("Hold")],
  ["condemn", word("Condemn")],
  ["influence", word("Influence")],
  ["press", word("Press")],
  ["attack", word("Attack")],
];
const said = (options: [string, string][]): [string, string][] => options.map(([key, text]) => [key, t(text)]);

/** A political condition of an actor: its two states, its present one, and what moves it. */
export function Condition({ name }: { name: string }) {
  const loc: Loc = ["regimes", name];
  const save = (part: string) => (value: string) => put([...loc, part], value);
  const optional = (part: string) => (value: string) => putOrTake([...loc, part], value);
  const [firm, loose] = [textAt(...loc, "firm"), textAt(...loc, "loose")];
  return (
    <li>
      <h3>{name}</h3>
      <Choice name={t("Whose")} of={name} value={textAt(...loc, "actor")} options={actorOptions()} onSave={save("actor")} />
      <Choice name={t("Kind")} of={name} value={textAt(...loc, "kind")} options={said(KINDS)} onSave={save("kind")} />
      <Line name={t("Firm state")} of={name} value={firm} onSave={save("firm")} />
      <Line name={t("Loose state")} of={name} value={loose} onSave={save("loose")} />
      <Choice name={t("Now")} of={name} value={textAt(...loc, "now")} options={[[firm, firm], [loose, loose]]} onSave={save("now")} />
      <Choices name={t("Loosened by")} of={name} value={namesAt(...loc, "loosened_by")} options={said(INSTRUMENTS)} onSave={(values) => put([...loc, "loosened_by"], values)} />
      <Choices name={t("Made firmer by")} of={name} value={namesAt(...loc, "rallied_by")} options={said(INSTRUMENTS)} onSave={(values) => put([...loc, "rallied_by"], values)} />
      {textAt(...loc, "kind") === "treaty" && (
        <Choice name={t("To whom the promise is made")} of={name} value={textAt(...loc, "to")} options={[["", t("not stated")], ...actorOptions()]} onSave={optional("to")} />
      )}
      {textAt(...loc, "kind") === "treaty" && <Line name={t("Ends on, unless renewed")} of={name} value={textAt(...loc, "term")} onSave={optional("term")} />}
      <Line name={t("Note")} of={name} value={textAt(...loc, "note")} onSave={optional("note")} />
      <Removal name={name} uses={usesOf(name)} changes={() => removal(name)} />
    </li>
  );
}

/** What of the case still names a condition, so that it cannot go. */
function usesOf(name: string): string[] {
  const theatres = Object.keys(mappingAt("theatres")).filter((key) => namesAt("theatres", key, "regimes").includes(name));
  const events = Object.keys(mappingAt("events")).filter((key) => JSON.stringify(mappingAt("events", key)).includes(`"regimes.${name}"`));
  const records = Object.keys(mappingAt("history")).filter((key) => name in mappingAt("history", key, "regimes"));
  return [...theatres.map((key) => `theatres.${key}`), ...events.map((key) => `events.${key}`), ...records.map((key) => `history.${key}`)];
}

/** The changes that take out a condition with its beliefs. */
function removal(name: string): Change[] {
  const own = Object.keys(mappingAt("beliefs")).filter((belief) => belief.split("@")[0]?.endsWith(`.${name}`));
  return [...own.map((belief): Change => ({ do: "take", loc: ["beliefs", belief] })), { do: "take", loc: ["regimes", name] }];
}

const STATES: Record<string, [firm: string, loose: string]> = {
  alignment: ["aligned", "drifting"],
  posture: ["normal", "restricted"],
  treaty: ["in_force", "lapsed"],
};

/** A form for a further condition; its states get usual names, which can be changed on its card. */
export function NewCondition() {
  const actors = actorOptions();
  const [actor, setActor] = useState("");
  const [kind, setKind] = useState("alignment");
  const [now, setNow] = useState("");
  const [make, wrong] = useEdit();
  if (!view.value?.writable || actors.length === 0) return null;
  const key = `${actor}.${kind}`;
  const [firm = "", loose = ""] = STATES[kind] ?? [];
  const exists = key in mappingAt("regimes");
  const add = (event: Event) => {
    event.preventDefault();
    void make([{ do: "put", loc: ["regimes", key], value: { actor, kind, firm, loose, now } }]);
  };
  return (
    <li>
      <h3>{t("Add a condition")}</h3>
      <form onSubmit={add}>
        <label class="row">
          <span>{t("Whose")}</span>
          <select value={actor} onChange={(event) => setActor(event.currentTarget.value)}>
            <option value="" disabled>{t("Choose …")}</option>
            {actors.map(([name, text]) => <option key={name} value={name}>{text}</option>)}
          </select>
        </label>
        <label class="row">
          <span>{t("Kind")}</span>
          <select value={kind} onChange={(event) => setKind(event.currentTarget.value)}>
            {said(KINDS).map(([name, text]) => <option key={name} value={name}>{text}</option>)}
          </select>
        </label>
        <label class="row">
          <span>{t("Now")}</span>
          <select value={now} onChange={(event) => setNow(event.currentTarget.value)}>
            <option value="" disabled>{t("Choose …")}</option>
            {[firm, loose].map((state) => <option key={state} value={state}>{state}</option>)}
          </select>
        </label>
        {exists && <p role="status">{t("{name} has such a condition already.", { name: nameOf(actor) })}</p>}
        <button disabled={actor === "" || ![firm, loose].includes(now) || exists}>{t("Add a condition")}</button>
        {wrong}
      </form>
    </li>
  );
}
