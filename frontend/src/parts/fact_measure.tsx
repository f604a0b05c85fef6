import { useEffect, useState } from "preact/hooks";
import { Refused } from "../api";
import { type Measured, type MeasureChoice, type Measures, readMeasured, readMeasures } from "../screens/facts_api";
import { t, word } from "../words";
import { DataSets } from "./data_sets";
import { Form, Input } from "./form";
import { Labelled } from "./labelled";
import { Told } from "./told";
import { useEdit } from "./wrong";

const STATES = "measure-states";
const SLOTS: Record<MeasureChoice["subject"], string[]> = {
  states: [word("Country")],
  pairs: [word("First state"), word("Second state")],
  sides: [word("First side, joined by +"), word("Second side, joined by +")],
  three: [word("Country"), word("Partner"), word("Rival")],
};

/** A fact that a measure of public data gives: choose it, look at the figure with its source and coverage, and add it. */
export function MeasureForm({ onDone }: { onDone: () => void }) {
  const [known, setKnown] = useState<Measures | null>(null);
  const [name, setName] = useState("components");
  const [figure, setFigure] = useState<Measured | { message: string; remedy: string | null } | null>(null);
  useEffect(() => { void readMeasures().then(setKnown); }, []);
  if (known === null) return <p role="status">{t("The measures are being read …")}</p>;
  const measure = known.measures.find((one) => one.name === name) ?? known.measures[0]!;
  const look = async (form: HTMLFormElement) => {
    try {
      setFigure(await readMeasured(reference(measure, new FormData(form))));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      setFigure({ message: error.message, remedy: error.remedy });
    }
  };
  return (
    <>
      <Form class="form" onSubmit={(form) => void look(form)} onInput={() => setFigure(null)}>
        <Labelled name={t("Measure")}>
          <select value={name} onChange={(event) => setName(event.currentTarget.value)}>
            {known.measures.map((one) => <option key={one.name} value={one.name}>{`${one.name}: ${one.title}`}</option>)}
          </select>
        </Labelled>
        <Arguments key={measure.name} measure={measure} />
        <div class="tools"><button type="submit">{t("Look up the figure")}</button></div>
      </Form>
      <datalist id={STATES}>{known.states.map((state) => <option key={state.code} value={state.code}>{state.name}</option>)}</datalist>
      <div role="status">
        {figure && "message" in figure && <p class="error"><Told of={figure} /></p>}
        {figure && "block" in figure && <Figure figure={figure} proposed={proposed(measure, figure)} onDone={onDone} />}
      </div>
      <DataSets needs={measure.needs} />
      <div class="tools"><button type="button" onClick={onDone}>{t("Close")}</button></div>
    </>
  );
}

function Arguments({ measure }: { measure: MeasureChoice }) {
  return (
    <>
      {SLOTS[measure.subject].map((slot, index) => (
        <Labelled key={slot} name={t(slot)} of={`state${index}`}><Input name={`state${index}`} required list={STATES} pattern="[^\/?,]+" wanted={t("Write a name or code without / ? or a comma.")} autocomplete="off" /></Labelled>
      ))}
      <Labelled name={t("Year ({first} to {last}), or latest", { first: measure.years[0], last: measure.years[1] })} of="year">
        <Input name="year" required defaultValue="latest" pattern="\d{4}|latest" wanted={t("Write a year of four digits, or the word latest.")} />
      </Labelled>
      <Labelled name={t("Column")} of="column">
        <Input name="column" list="measure-columns" defaultValue={measure.column ?? ""} required pattern="[a-z_0-9]+" wanted={t("Choose a column from the list.")} autocomplete="off" />
        <datalist id="measure-columns">{measure.columns.map((column) => <option key={column} value={column} />)}</datalist>
      </Labelled>
      {measure.inputs.map((input) => (
        <Labelled key={input.name} name={`${input.name}: ${input.meaning}`} of={`input:${input.name}`}>
          <Input name={`input:${input.name}`} type="number" step="any" min={input.low} max={input.high} defaultValue={input.default} required />
        </Labelled>
      ))}
    </>
  );
}

/** Return how the `from` of a fact names the figure; inputs at their default are left out. */
function reference(measure: MeasureChoice, form: FormData): string {
  const text = (name: string) => String(form.get(name) ?? "").trim();
  const states = SLOTS[measure.subject].map((_, index) => text(`state${index}`)).join(",");
  const inputs = measure.inputs.filter((input) => Number(text(`input:${input.name}`)) !== input.default).map((input) => `${input.name}=${text(`input:${input.name}`)}`);
  const query = inputs.length > 0 ? `?${inputs.join("&")}` : "";
  return `measure/${measure.name}/${states}/${text("year")}/${text("column")}${query}`;
}

/** Return a key for the fact: the column with the states. */
function proposed(measure: MeasureChoice, { block }: Measured): string {
  const [, , states, , column] = String(block["from"]).split(/[/?]/);
  return [column ?? measure.name, ...(states ?? "").split(/[,+]/)].join(".");
}

function Figure({ figure: { block, about }, proposed: key, onDone }: { figure: Measured; proposed: string; onDone: () => void }) {
  const [name, setName] = useState(key);
  const [make, wrong] = useEdit();
  const add = async () => {
    if (await make([{ do: "put", loc: ["facts", name.trim()], value: block }])) onDone();
  };
  return (
    <>
      <p><strong>{`${String(block["value"])} ${String(block["unit"] ?? "")}`}</strong> ({String(block["date"] ?? "")})</p>
      <p>{about}</p>
      <p><code>{String(block["from"])}</code></p>
      <Labelled name={t("Key")}><input value={name} onInput={(event) => setName(event.currentTarget.value)} /></Labelled>
      <button type="button" onClick={() => void add()}>{t("Add the fact")}</button>
      {wrong}
    </>
  );
}
