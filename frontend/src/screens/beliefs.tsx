import { useState } from "preact/hooks";
import type { Belief } from "../api";
import { Field } from "../parts/field";
import { OfCase } from "../parts/unread";
import { edit, view } from "../state";
import { t } from "../words";

/** The uncertain inputs: what each is, who judged it and why. */
export function Beliefs() {
  return <OfCase show={({ beliefs }) => <AllBeliefs all={beliefs} />} />;
}

function AllBeliefs({ all }: { all: Belief[] }) {
  const [wanted, setWanted] = useState("");
  const found = all.filter((belief) => `${belief.name} ${belief.why}`.toLowerCase().includes(wanted.toLowerCase()));
  return (
    <>
      <label>
        {t("Find")} <input type="search" value={wanted} onInput={(event) => setWanted(event.currentTarget.value)} />
      </label>
      <p role="status">{t("{found} of {all} beliefs", { found: found.length, all: all.length })}</p>
      <ul class="cards">
        {found.map((belief) => <Card key={belief.name} belief={belief} />)}
      </ul>
    </>
  );
}

function Card({ belief }: { belief: Belief }) {
  const inFile = view.value?.data?.["beliefs"] instanceof Object && belief.name in (view.value.data["beliefs"] as object);
  const [low, middle, high] = belief.points.map(figure);
  const save = (part: string) => (value: string) =>
    void edit([
      inFile
        ? { do: "put", loc: ["beliefs", belief.name, part], value }
        : { do: "put", loc: ["beliefs", belief.name], value: { is: belief.is, unit: belief.unit, by: belief.by ?? "", why: belief.why, [part]: value } },
    ]);
  const field = (part: "is" | "by" | "why", label: string) => (
    <label class="row">
      <span>{t(label)}</span>
      <Field label={`${t(label)}: ${belief.name}`} value={belief[part] ?? ""} readOnly={!view.value?.writable} wide onSave={save(part)} />
    </label>
  );
  return (
    <li>
      <h2>{belief.name}</h2>
      <p>
        {t("5 % of worlds lie below {low}, half below {middle}, 95 % below {high} ({unit}).", { low: low ?? "", middle: middle ?? "", high: high ?? "", unit: belief.unit })}
      </p>
      {field("is", "Distribution")}
      {field("by", "Judged by")}
      {field("why", "Reason")}
    </li>
  );
}

function figure(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(3))) : "–";
}
