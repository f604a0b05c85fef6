import { useEffect, useId, useState } from "preact/hooks";
import type { Said } from "../api";
import { dropped, view } from "../state";
import { Field } from "./field";
import { Wrong } from "./wrong";

interface Props<Value> {
  name: string;
  of: string;
  value: Value;
  /** Saves a value; it tells why it is not saved. */
  onSave: (value: Value) => Promise<Said[]>;
}

type Options = [value: string, text: string][];

/** A value of the case with its name before it; `of` says to a screen reader whose value it is. A tall one grows with its text. */
export function Line({ name, of, value, tall = false, onSave }: Props<string> & { tall?: boolean }) {
  return (
    <label class="row">
      <span>{name}</span>
      <Field label={`${name}: ${of}`} value={value} readOnly={!view.value?.writable} wide tall={tall} onSave={onSave} />
    </label>
  );
}

/** A value of the case that is one of several; a value that is none of them is shown too. */
export function Choice({ name, of, value, options, onSave }: Props<string> & { options: Options }) {
  const { chosen, choose, restore, wrong, said } = useChosen(value, onSave);
  const known = options.some(([key]) => key === chosen);
  return (
    <label class="row">
      <span>{name}</span>
      <select
        aria-label={`${name}: ${of}`} {...said} value={chosen} disabled={!view.value?.writable}
        onChange={(event) => choose(event.currentTarget.value)} onKeyDown={(event) => { if (event.key === "Escape") restore(); }}
      >
        {!known && <option value={chosen}>{chosen}</option>}
        {options.map(([key, text]) => <option key={key} value={key}>{text}</option>)}
      </select>
      {wrong}
    </label>
  );
}

/** Names of which any may be chosen. */
export function Choices({ name, of, value, options, onSave }: Props<string[]> & { options: Options }) {
  const { chosen, choose, wrong, said } = useChosen(value, onSave);
  const turn = (key: string, on: boolean) => choose(on ? [...chosen, key] : chosen.filter((other) => other !== key));
  return (
    <fieldset class="row" disabled={!view.value?.writable} aria-describedby={said["aria-describedby"]}>
      <legend>{name}<span class="hidden">: {of}</span></legend>
      <span class="ticks">
        {options.map(([key, text]) => (
          <label key={key}>
            <input type="checkbox" checked={chosen.includes(key)} onChange={(event) => turn(key, event.currentTarget.checked)} /> {text}
          </label>
        ))}
      </span>
      {wrong}
    </fieldset>
  );
}

/** What is chosen. A choice that is refused stays, with the reason, until it is restored or the case changes. */
function useChosen<Value>(value: Value, onSave: (value: Value) => Promise<Said[]>) {
  const [chosen, setChosen] = useState(value);
  const [refusals, setRefusals] = useState<Said[]>([]);
  const id = useId();
  const stands = JSON.stringify(value);
  const restore = () => {
    setChosen(value);
    setRefusals([]);
  };
  useEffect(restore, [stands, dropped.value]);
  const choose = (next: Value) => {
    setChosen(next);
    if (JSON.stringify(next) === stands) setRefusals([]);
    else void onSave(next).then(setRefusals);
  };
  const isWrong = refusals.length > 0;
  const said = { "aria-invalid": isWrong, "aria-describedby": isWrong ? id : undefined };
  return { chosen, choose, restore, said, wrong: <Wrong id={id} all={refusals} /> };
}
