import { view } from "../state";
import { Field } from "./field";

interface Props {
  name: string;
  of: string;
  value: string;
  onSave: (value: string) => void;
}

/** A value of the case with its name before it; `of` says to a screen reader whose value it is. A tall one grows with its text. */
export function Line({ name, of, value, tall = false, onSave }: Props & { tall?: boolean }) {
  return (
    <label class="row">
      <span>{name}</span>
      <Field label={`${name}: ${of}`} value={value} readOnly={!view.value?.writable} wide tall={tall} onSave={onSave} />
    </label>
  );
}

/** A value of the case that is one of several; a value that is none of them is shown too. */
export function Choice({ name, of, value, options, onSave }: Props & { options: [value: string, text: string][] }) {
  const known = options.some(([key]) => key === value);
  return (
    <label class="row">
      <span>{name}</span>
      <select aria-label={`${name}: ${of}`} value={value} disabled={!view.value?.writable} onChange={(event) => onSave(event.currentTarget.value)}>
        {!known && <option value={value}>{value}</option>}
        {options.map(([key, text]) => <option key={key} value={key}>{text}</option>)}
      </select>
    </label>
  );
}

/** Names of which any may be chosen. */
export function Choices({ name, of, values, options, onSave }: Omit<Props, "value" | "onSave"> & { values: string[]; options: [value: string, text: string][]; onSave: (values: string[]) => void }) {
  const turn = (key: string, on: boolean) => onSave(on ? [...values, key] : values.filter((value) => value !== key));
  return (
    <fieldset class="row" disabled={!view.value?.writable}>
      <legend>{name}<span class="hidden">: {of}</span></legend>
      <span class="ticks">
        {options.map(([key, text]) => (
          <label key={key}>
            <input type="checkbox" checked={values.includes(key)} onChange={(event) => turn(key, event.currentTarget.checked)} /> {text}
          </label>
        ))}
      </span>
    </fieldset>
  );
}
