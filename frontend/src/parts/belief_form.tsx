import { useRef, useState } from "preact/hooks";
import { Bounds } from "./belief_fields";
import { beside } from "../screens/beliefs_api";
import { view } from "../state";
import { t } from "../words";
import { PointFields } from "./belief_points";
import { Form, Input } from "./form";
import { Labelled } from "./labelled";
import { Panel } from "./panel";
import { useEdit } from "./wrong";

/** A button that opens a form for an input that a game of the case reads and its author does not state yet. */
export function AddBelief() {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  if (!view.value?.writable || !beside.value?.addable.length) return null;
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  return (
    <>
      <button ref={button} type="button" aria-expanded={open} onClick={() => setOpen(!open)}>{t("Add a belief")}</button>
      {open && <Panel name={t("Add a belief")}><BeliefForm onDone={close} /></Panel>}
    </>
  );
}

function BeliefForm({ onDone }: { onDone: () => void }) {
  const addable = beside.value?.addable ?? [];
  const [name, setName] = useState(addable[0]?.name ?? "");
  const [shape, setShape] = useState<string | null>(null);
  const [make, wrong] = useEdit();
  const chosen = addable.find((one) => one.name === name) ?? addable[0];
  if (!chosen) return null;
  const written = shape ?? "";
  const add = async (sent: HTMLFormElement) => {
    const form = new FormData(sent);
    const text = (part: string) => String(form.get(part) ?? "").trim();
    const block = { is: written, unit: chosen.unit, by: text("by"), why: text("why") };
    if (await make([{ do: "put", loc: ["beliefs", chosen.name], value: block }])) onDone();
  };
  return (
    <Form onSubmit={(sent) => void add(sent)}>
      <Labelled name={t("Input")}>
        <select value={chosen.name} onChange={(event) => { setName(event.currentTarget.value); setShape(null); }}>
          {addable.map((one) => <option key={one.name} value={one.name}>{`${one.name}: ${one.meaning}`}</option>)}
        </select>
      </Labelled>
      <Bounds of={chosen} />
      <PointFields key={chosen.name} name={chosen.name} is={chosen.is} points={chosen.points} bounds={chosen.bounds} chance={chosen.chance} onShape={setShape} />
      <Labelled name={t("Judged by")} of="by"><Input name="by" required /></Labelled>
      <Labelled name={t("Reason")} of="why"><Input name="why" required /></Labelled>
      {wrong}
      <div class="tools">
        <button type="submit" disabled={written === ""}>{t("Add {name} as {written}", { name: chosen.name, written: written || "…" })}</button>
        <button type="button" onClick={onDone}>{t("Close")}</button>
      </div>
    </Form>
  );
}
