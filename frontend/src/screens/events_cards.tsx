import { useState } from "preact/hooks";
import type { Change, Json, Loc } from "../api";
import { Choice, Line } from "../parts/choice";
import { Mark } from "../parts/named";
import { Removal } from "../parts/removal";
import { figureOf, mappingAt, namesAt, put, puts, putOrTake, takes, textAt } from "../parts/written";
import { edit, view } from "../state";
import { useEdit } from "../parts/wrong";
import { t, word } from "../words";
import { changeables, choicesOf, chosenChange, isNumber, nameOfChange, partOf, testsOf, type Way, WAYS } from "./event_changes";
import { calledOf, effects } from "./events_effects";

/** One event: what it says and changes, whether it is a control, and the claims that ask about it. */
export function EventCard({ name }: { name: string }) {
  const loc: Loc = ["events", name];
  return (
    <li>
      <h3>{calledOf(name)} {calledOf(name) !== name && <code>{name}</code>}</h3>
      <Line name={t("What happens")} of={name} tall value={textAt(...loc, "says")} onSave={(value) => putOrTake([...loc, "says"], value)} />
      <Line name={t("Name in pictures")} of={name} value={textAt(...loc, "name")} onSave={(value) => putOrTake([...loc, "name"], value)} />
      {WAYS.flatMap((way) =>
        Object.entries(mappingAt(...loc, way)).map(([changed, value]) => (
          <Changed key={`${way} ${changed}`} event={name} way={way} changed={changed} value={String(value)} />
        )),
      )}
      {view.value?.writable && <AddChange event={name} />}
      <Control name={name} />
      <Asking name={name} />
      <Removal name={name} uses={testsOf(name)} changes={() => [...uncontrolled(name), { do: "take", loc }]} />
    </li>
  );
}

/** One change of an event, with the part that it belongs to. */
function Changed({ event, way, changed, value }: { event: string; way: Way; changed: string; value: string }) {
  const loc: Loc = ["events", event, way];
  const name = `${nameOfChange(way, changed)} (${partOf(way, changed)})`;
  const [make, wrong] = useEdit();
  const save = (next: string) => put([...loc, changed], valueOf(way, next));
  return (
    <div class="change">
      {way === "set" || way === "against" ? (
        <Choice name={name} of={event} value={value} options={choicesOf(changed).map((choice) => [choice, choice])} onSave={save} />
      ) : (
        <Line name={name} of={event} value={value} onSave={save} />
      )}
      {view.value?.writable && (
        <button type="button" aria-label={t("Remove {name}", { name: `${nameOfChange(way, changed)}: ${event}` })} onClick={() => void make(takes(loc, changed))}>✕</button>
      )}
      {wrong}
    </div>
  );
}

/** The options of a list of what events may change; their values are the way and the input. */
function ChangeOptions({ but }: { but: (way: Way, changed: string) => boolean }) {
  return (
    <>
      {changeables(Object.keys(effects.value?.inputs ?? {})).filter(([way, changed]) => !but(way, changed)).map(([way, changed]) => (
        <option key={`${way} ${changed}`} value={`${way} ${changed}`}>{nameOfChange(way, changed)}</option>
      ))}
    </>
  );
}

/** The fields of a new change: what changes, and its value, which only the author can judge. */
function NewChange({ name, chosen, value, but, onChange }: { name: string; chosen: string; value: string; but: (way: Way, changed: string) => boolean; onChange: (chosen: string, value: string) => void }) {
  const [way, changed] = chosenChange(chosen);
  return (
    <>
      <label class="row">
        <span>{name}</span>
        <select value={chosen} onChange={(event) => onChange(event.currentTarget.value, "")}>
          <option value="" disabled>{t("Choose …")}</option>
          <ChangeOptions but={but} />
        </select>
      </label>
      {chosen !== "" && (
        <label class="row">
          <span>{t("Its value")}</span>
          {isNumber(way) ? <input required inputMode="decimal" value={value} onInput={(event) => onChange(chosen, event.currentTarget.value)} /> : (
            <select required value={value} onChange={(event) => onChange(chosen, event.currentTarget.value)}>
              <option value="" disabled>{t("Choose …")}</option>
              {choicesOf(changed).map((choice) => <option key={choice} value={choice}>{choice}</option>)}
            </select>
          )}
        </label>
      )}
    </>
  );
}

/** The value of a new change as the case writes it. */
const valueOf = (way: Way, text: string): Json => (isNumber(way) ? figureOf(text) : text);

function AddChange({ event }: { event: string }) {
  const [make, wrong] = useEdit();
  const [{ chosen, value }, setEntered] = useState({ chosen: "", value: "" });
  const add = async (sent: Event) => {
    sent.preventDefault();
    const [way, changed] = chosenChange(chosen);
    if (await make(puts(["events", event, way], { [changed]: valueOf(way, value) }))) setEntered({ chosen: "", value: "" });
  };
  return (
    <form noValidate aria-label={`${t("Add a change")}: ${event}`} onSubmit={(sent) => void add(sent)}>
      <NewChange
        name={t("Add a change")} chosen={chosen} value={value} but={(way, changed) => changed in mappingAt("events", event, way)}
        onChange={(next, given) => setEntered({ chosen: next, value: given })}
      />
      {chosen !== "" && <button disabled={value.trim() === ""}>{t("Add the change")}</button>}
      {wrong}
    </form>
  );
}

const CONTROLS: [string, string][] = [
  ["", word("no control")],
  ["positive", word("positive control: a measure must find the effect")],
  ["negative", word("negative control: a measure must find no effect")],
];

function controlOf(name: string): string {
  return ["positive", "negative"].find((kind) => namesAt("controls", kind).includes(name)) ?? "";
}

function Control({ name }: { name: string }) {
  const save = (kind: string) => edit([...uncontrolled(name), ...(kind === "" ? [] : controlled(kind, name))]);
  return <Choice name={t("Control")} of={name} value={controlOf(name)} options={CONTROLS.map(([key, text]) => [key, t(text)])} onSave={save} />;
}

const controlled = (kind: string, name: string): Change[] => [{ do: "put", loc: ["controls", kind], value: [...namesAt("controls", kind), name] }];

function uncontrolled(name: string): Change[] {
  const kind = controlOf(name);
  return kind === "" ? [] : [{ do: "put", loc: ["controls", kind], value: namesAt("controls", kind).filter((other) => other !== name) }];
}

/** The claims that ask about an event, with their verdicts in the last run. */
function Asking({ name }: { name: string }) {
  const claims = effects.value?.found?.claims[name] ?? [];
  if (claims.length === 0) return null;
  return (
    <details>
      <summary>{t("Claims that ask about it: {count}", { count: claims.length })}</summary>
      <ul>
        {claims.map((claim) => <li key={claim.id}><Mark result={claim} /> <span class="id">{claim.id}</span> {claim.says}</li>)}
      </ul>
    </details>
  );
}

const EMPTY = { key: "", says: "", change: "", value: "" };

/** A form for a further event with its first change. */
export function NewEvent() {
  const [entered, setEntered] = useState(EMPTY);
  const [make, wrong] = useEdit();
  if (!view.value?.writable) return null;
  const exists = entered.key in mappingAt("events");
  const add = async (event: Event) => {
    event.preventDefault();
    const [way, changed] = chosenChange(entered.change);
    const value: Json = { says: entered.says, [way]: { [changed]: valueOf(way, entered.value) } };
    if (await make([{ do: "put", loc: ["events", entered.key], value }])) setEntered(EMPTY);
  };
  const input = (part: "key" | "says", name: string) => (
    <label class="row">
      <span>{t(name)}</span>
      <input value={entered[part]} onInput={(event) => setEntered({ ...entered, [part]: event.currentTarget.value })} />
    </label>
  );
  return (
    <li>
      <h3>{t("Add an event")}</h3>
      <form noValidate onSubmit={(event) => void add(event)}>
        {input("key", word("Short name, such as new_budget"))}
        {exists && <p role="status">{t("There is such an event already.")}</p>}
        {input("says", word("What happens"))}
        <NewChange
          name={t("What it changes first")} chosen={entered.change} value={entered.value} but={(way) => way === "against"}
          onChange={(change, value) => setEntered({ ...entered, change, value })}
        />
        <button disabled={entered.key.trim() === "" || entered.value.trim() === "" || exists}>{t("Add an event")}</button>
        {wrong}
      </form>
    </li>
  );
}
