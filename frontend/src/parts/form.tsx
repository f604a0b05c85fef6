// Forms that we check ourselves: what is wrong with a field stands beside it, in the language of the page. The browser would say it in its own.
import { type ComponentChildren, createContext } from "preact";
import { useContext, useId, useState } from "preact/hooks";
import type { Said } from "../api";
import { t } from "../words";
import { Reasons } from "./wrong";

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

/** What is wrong with the fields of a form, by name; `id` begins the ids of the reasons. */
const Checks = createContext<{ id: string; wrong: Record<string, Said> }>({ id: "", wrong: {} });

interface FormProps {
  class?: string;
  label?: string;
  onSubmit: (form: HTMLFormElement) => void;
  onInput?: () => void;
  children: ComponentChildren;
}

/** A form that is sent only when each of its fields is right; else the first wrong one gets the focus. */
export function Form({ label, onSubmit, onInput, children, ...rest }: FormProps) {
  const [wrong, setWrong] = useState<Record<string, Said>>({});
  const id = useId();
  const submit = (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
    event.preventDefault();
    const faulty = ([...event.currentTarget.elements] as Control[]).filter((one) => !isRight(one));
    setWrong(Object.fromEntries(faulty.map((one) => [one.name, faultOf(one)])));
    if (faulty[0]) faulty[0].focus();
    else onSubmit(event.currentTarget);
  };
  const entered = (event: Event) => {
    const one = event.target as Control;
    onInput?.();
    if (!(one.name in wrong)) return;
    queueMicrotask(() => { // once the page shows what was entered
      const { [one.name]: _before, ...others } = wrong;
      setWrong(isRight(one) ? others : { ...others, [one.name]: faultOf(one) });
    });
  };
  return (
    <form {...rest} noValidate aria-label={label} onSubmit={submit} onInput={entered}>
      <Checks.Provider value={{ id, wrong }}>{children}</Checks.Provider>
    </form>
  );
}

interface InputProps {
  name: string;
  type?: "number" | "date" | "url";
  class?: string;
  value?: string;
  defaultValue?: string | number;
  required?: boolean;
  pattern?: string;
  min?: number | string;
  max?: number | string;
  step?: "any";
  maxLength?: number;
  list?: string;
  placeholder?: string;
  autocomplete?: "off";
  onInput?: (event: { currentTarget: HTMLInputElement }) => void;
  /** What its pattern wants, in words. */
  wanted?: string;
  /** Why its value cannot be used, whatever its form. */
  fault?: Said | null;
  /** The id of a hint that describes it. */
  hint?: string;
}

/** A field of such a form. `Why` shows beside it what is wrong. */
export function Input({ wanted, fault, hint, ...rest }: InputProps) {
  const { id, wrong } = useContext(Checks);
  const isWrong = rest.name in wrong;
  const described = [hint, isWrong ? `${id}${rest.name}` : undefined].filter(Boolean).join(" ");
  return (
    <input
      {...rest} data-wanted={wanted} data-remedy={fault?.remedy ?? undefined} aria-invalid={isWrong} aria-describedby={described || undefined}
      ref={(input) => input?.setCustomValidity(fault?.message ?? "")}
    />
  );
}

/** Why the field of a name cannot be sent. It stands outside the label, which names the field. */
export function Why({ of }: { of: string }) {
  const { id, wrong } = useContext(Checks);
  const reason = wrong[of];
  return reason ? <Reasons id={`${id}${of}`} all={[reason]} /> : null;
}

/** Spaces alone are nothing. */
const isEmpty = (control: Control): boolean => control.required && control.value.trim() === "";
const isRight = (control: Control): boolean => !control.willValidate || (control.validity.valid && !isEmpty(control));

/** Return what is wrong with a field, and what to do about it. */
function faultOf(control: Control): Said {
  const { validity, dataset } = control;
  const range = { low: control.getAttribute("min") ?? "", high: control.getAttribute("max") ?? "" };
  if (validity.badInput && control.type === "date") return { message: t("This is no day of the calendar."), remedy: t("Correct the day, or empty the field.") };
  if (validity.badInput) return { message: t("This is not a number."), remedy: t("Write digits, with a point before decimals.") };
  if (isEmpty(control)) return { message: t("This field is empty."), remedy: t("Fill it in.") };
  if (validity.customError) return { message: control.validationMessage, remedy: dataset["remedy"] ?? null };
  if (validity.typeMismatch) return { message: t("This is no web address."), remedy: t("Write it whole, with https:// before it.") };
  if (validity.rangeOverflow && control.type === "date") return { message: t("This is no day of the calendar."), remedy: t("Correct the day, or empty the field.") };
  if (validity.rangeUnderflow || validity.rangeOverflow) return { message: t("This is not between {low} and {high}.", range), remedy: t("Write a value between them.") };
  if (validity.stepMismatch) return { message: t("This is not a whole number."), remedy: t("Write it without decimals.") };
  if (validity.tooLong) return { message: t("This is too long."), remedy: t("Shorten it.") };
  return { message: t("This does not have the form that is needed."), remedy: dataset["wanted"] ?? null };
}
