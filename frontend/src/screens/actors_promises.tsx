import { useState } from "preact/hooks";
import type { Change, Json, Loc } from "../api";
import { Choice, Choices, Line } from "../parts/choice";
import { listed } from "../parts/fact_rows";
import { namesAt, put, putOrTake, written } from "../parts/written";
import { useEdit } from "../parts/wrong";
import { edit, view } from "../state";
import { plural, t, word } from "../words";
import { nameOf } from "./roles";

const OCCASIONS: [string, string][] = [
  ["pressed", word("the target resists pressure")],
  ["attacked", word("the challenger attacks, or war comes by mistake")],
  ["struck", word("a defender strikes first")],
];

/** The helpers of a theatre that may have promised help, with their names. */
function helpersOf(theatre: string, sides: string[] = ["protectors", "backers"]): [string, string][] {
  const all = sides.flatMap((side) => namesAt("theatres", theatre, side));
  return [...new Set(all)].map((actor) => [actor, nameOf(actor)]);
}

/** To whom a helper promises help, unless the case says otherwise: protectors to the target, backers to the challenger. */
const served = (theatre: string, by: string): string => namesAt("theatres", theatre, namesAt("theatres", theatre, "protectors").includes(by) ? "target" : "challenger")[0] ?? "";

/** The promises of a theatre that bind on some occasions only. */
export function Promises({ theatre }: { theatre: string }) {
  const promises = written("theatres", theatre, "promises");
  const count = Array.isArray(promises) ? promises.length : 0;
  if (count === 0 && !view.value?.writable) return null;
  return (
    <details>
      <summary>{plural("{count} promise of help that binds on some occasions only", "{count} promises of help that bind on some occasions only", count)}</summary>
      <p class="small">{t("Every other promise always binds. Where one does not bind, standing aside costs nothing.")}</p>
      {Array.from({ length: count }, (_, index) => <Promised key={`${index} ${count}`} theatre={theatre} index={index} />)}
      {view.value?.writable && <NewPromise theatre={theatre} count={count} />}
    </details>
  );
}

function Promised({ theatre, index }: { theatre: string; index: number }) {
  const loc: Loc = ["theatres", theatre, "promises", index];
  const [make, wrong] = useEdit();
  const [by = ""] = namesAt(...loc, "by");
  const of = `${theatre}, ${nameOf(by)}, ${index + 1}`;
  const isBacker = namesAt("theatres", theatre, "backers").includes(by);
  const sides = [...namesAt("theatres", theatre, "target"), ...namesAt("theatres", theatre, "challenger")];
  const list = (part: string) => (names: string[]) => put([...loc, part], names);
  const others = helpersOf(theatre).filter(([actor]) => actor !== by);
  return (
    <fieldset>
      <legend>{t("Promise {number}", { number: index + 1 })}</legend>
      <Choice
        name={t("Who promised help")} of={of} value={by} options={helpersOf(theatre)}
        onSave={(actor) => edit([{ do: "put", loc: [...loc, "by"], value: actor }, { do: "put", loc: [...loc, "to"], value: served(theatre, actor) }])}
      />
      <Choice name={t("To whom")} of={of} value={namesAt(...loc, "to")[0] ?? ""} options={sides.map((actor) => [actor, nameOf(actor)])} onSave={(actor) => put([...loc, "to"], actor)} />
      <Choices name={t("It binds when (none: always)")} of={of} value={namesAt(...loc, "when")} options={OCCASIONS.map(([key, text]) => [key, t(text)])} onSave={list("when")} />
      <Choices name={t("It binds only if all these stand in too")} of={of} value={namesAt(...loc, "beside")} options={others} onSave={list("beside")} />
      {isBacker && <Choices name={t("It binds only if one of these stands in")} of={of} value={namesAt(...loc, "against")} options={helpersOf(theatre, ["protectors"])} onSave={list("against")} />}
      <Line name={t("Source")} of={of} value={namesAt(...loc, "source").join(", ")} onSave={(text) => (text.trim() === "" ? putOrTake([...loc, "source"], "") : put([...loc, "source"], listed(text)))} />
      {view.value?.writable && <button type="button" onClick={() => void make([{ do: "take", loc }])}>{t("Remove promise {number}", { number: index + 1 })}</button>}
      {wrong}
    </fieldset>
  );
}

function NewPromise({ theatre, count }: { theatre: string; count: number }) {
  const [entered, setEntered] = useState({ by: "", when: "" });
  const [make, wrong] = useEdit();
  const add = async (event: Event) => {
    event.preventDefault();
    const value: Json = { by: entered.by, to: served(theatre, entered.by), when: [entered.when] };
    const change: Change = count > 0 ? { do: "put", loc: ["theatres", theatre, "promises", count], value } : { do: "put", loc: ["theatres", theatre, "promises"], value: [value] };
    if (await make([change])) setEntered({ by: "", when: "" });
  };
  const choice = (part: keyof typeof entered, name: string, options: [string, string][]) => (
    <label class="row">
      <span>{name}</span>
      <select value={entered[part]} onChange={(event) => setEntered({ ...entered, [part]: event.currentTarget.value })}>
        <option value="" disabled>{t("Choose …")}</option>
        {options.map(([key, text]) => <option key={key} value={key}>{text}</option>)}
      </select>
    </label>
  );
  return (
    <form aria-label={`${t("Add a promise")}: ${theatre}`} onSubmit={(event) => void add(event)}>
      {choice("by", t("Who promised help"), helpersOf(theatre))}
      {choice("when", t("It binds when"), OCCASIONS.map(([key, text]) => [key, t(text)]))}
      <button disabled={entered.by === "" || entered.when === ""}>{t("Add a promise")}</button>
      {wrong}
    </form>
  );
}
