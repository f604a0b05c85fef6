import { useState } from "preact/hooks";
import { answer, type Said } from "../api";
import { reasonOf, theCase, view } from "../state";
import { t } from "../words";
import { Form, Input, Why } from "./form";
import { useEdit, Wrong } from "./wrong";

const NAME = /^[a-z][a-z0-9_]*$/;
type Setting = [input: string, value: string];

/** A form that writes a new variant into the case: inputs with their values, and the reason. */
export function NewVariant() {
  const [name, setName] = useState("");
  const [why, setWhy] = useState("");
  const [settings, setSettings] = useState<Setting[]>([["", ""]]);
  const [written, setWritten] = useState("");
  const [problem, setProblem] = useState<Said | null>(null);
  const [make, wrong] = useEdit();
  const change = (index: number, setting: Setting) => setSettings(settings.map((old, other) => (other === index ? setting : old)));
  const save = async () => {
    const set = Object.fromEntries(settings.filter(([input, value]) => input && value));
    setWritten("");
    const fault = faultOf(name) ?? (await refusalOf(set));
    setProblem(fault);
    if (fault !== null) return;
    if (!(await make([{ do: "put", loc: ["variants", name], value: { set, why } }]))) return;
    setWritten(name);
    setName("");
    setWhy("");
    setSettings([["", ""]]);
  };
  return (
    <Form class="variant" onSubmit={() => void save()}>
      <h2>{t("New variant")}</h2>
      <p><label>{t("Name of the variant")} <Input name="name" required value={name} onInput={(event) => setName(event.currentTarget.value)} /></label><Why of="name" /></p>
      {settings.map(([input, value], index) => (
        <p key={index}>
          <label>
            {t("Input {number}", { number: index + 1 })}{" "}
            <Input name={`input${index}`} required={index === 0 || value !== ""} list="inputs" value={input} onInput={(event) => change(index, [event.currentTarget.value, value])} />
          </label>
          <Why of={`input${index}`} />
          <label>
            {t("Value {number}", { number: index + 1 })}{" "}
            <Input name={`value${index}`} required={index === 0 || input !== ""} value={value} onInput={(event) => change(index, [input, event.currentTarget.value])} />
          </label>
          <Why of={`value${index}`} />
        </p>
      ))}
      <datalist id="inputs">{theCase.value?.beliefs.map((belief) => <option key={belief.name} value={belief.name}>{belief.is}</option>)}</datalist>
      <p><button type="button" onClick={() => setSettings([...settings, ["", ""]])}>{t("One more input")}</button></p>
      <p><label>{t("Reason for the variant")} <Input name="why" required class="wide" value={why} onInput={(event) => setWhy(event.currentTarget.value)} /></label><Why of="why" /></p>
      <Wrong all={problem === null ? [] : [problem]} />
      {wrong}
      <p class="tools">
        <button type="submit">{t("Write it into the case")}</button>
        <span role="status">{written && t("The variant {name} is in the case.", { name: written })}</span>
      </p>
    </Form>
  );
}

/** Return why a name cannot be given to a new variant; null if it can. */
function faultOf(name: string): Said | null {
  const variants = view.value?.data?.["variants"];
  if (!NAME.test(name)) return { message: t("Write a name of small letters, digits and underscores."), remedy: null };
  return variants instanceof Object && name in variants ? { message: t("A variant of this name is in the case already."), remedy: null } : null;
}

/** Return why no run can use these inputs; null if one can. */
async function refusalOf(set: Record<string, string>): Promise<Said | null> {
  try {
    await answer<object>("/api/compare/variant", { set });
    return null;
  } catch (error) {
    return reasonOf(error);
  }
}
