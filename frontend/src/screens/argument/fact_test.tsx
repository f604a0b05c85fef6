import { useState } from "preact/hooks";
import { t, word } from "../../words";
import type { FactOption } from "./requests";
import { difference, halfUnit } from "./stated";
import { type Use, UseIt } from "./tests";

export const OPERATORS = [
  { key: ">", name: word("is more than") },
  { key: ">=", name: word("is at least") },
  { key: "<", name: word("is less than") },
  { key: "<=", name: word("is at most") },
];
const EQUALS = { key: "==", name: word("equals") };
const ABOUT = { key: "about", name: word("is about") };
const WITH = [
  { key: "value", name: word("a value") },
  { key: "fact", name: word("another fact") },
  { key: "growth", name: word("growth since another fact") },
];

export function Choose({ label, value, options, onChoose }: {
  label: string;
  value: string;
  options: { key: string; name: string }[];
  onChoose: (key: string) => void;
}) {
  return (
    <label class="row">
      <span>{label}</span>
      <select value={value} onChange={(event) => onChoose(event.currentTarget.value)}>
        {options.map(({ key, name }) => <option key={key} value={key}>{name}</option>)}
      </select>
    </label>
  );
}

export function Write({ label, value, onWrite }: { label: string; value: string; onWrite: (value: string) => void }) {
  return (
    <label class="row">
      <span>{label}</span>
      <input value={value} onInput={(event) => onWrite(event.currentTarget.value)} />
    </label>
  );
}

/** Compare a fact with a value, with another fact, or with what it was before. */
export function FactTest({ facts, onUse }: { facts: FactOption[]; onUse: Use }) {
  const [key, setKey] = useState(facts[0]?.key ?? "");
  const [operator, setOperator] = useState(">");
  const [than, setThan] = useState("value");
  const [other, setOther] = useState("");
  const [figure, setFigure] = useState("");
  const fact = facts.find((one) => one.key === key);
  if (fact === undefined) return <p>{t("The case has no facts yet. Add them on the screen of facts.")}</p>;
  const rest = facts.filter((one) => one.key !== key && one.kind === fact.kind);
  const shown = (one: FactOption) => ({ key: one.key, name: `${one.key}: ${inFull(one)}` });
  const fitting = operators(fact, than, figure);
  const chosen = fitting.some((one) => one.key === operator) ? operator : fitting.at(-1)?.key ?? "";
  const test = written(fact, chosen, than, other, figure);
  return (
    <>
      <Choose label={t("Fact")} value={key} options={facts.map(shown)} onChoose={(next) => { setKey(next); setOther(""); setFigure(""); }} />
      {fact.kind === "truth" ? (
        <Choose label={t("It holds if the fact")} value={figure} onChoose={setFigure} options={[{ key: "", name: t("is true") }, { key: "not", name: t("is false") }]} />
      ) : (
        <>
          <Choose label={t("It holds if the fact")} value={chosen} onChoose={setOperator} options={fitting.map(({ key: one, name }) => ({ key: one, name: t(name) }))} />
          <Choose label={t("compared with")} value={than} onChoose={(next) => { setThan(next); setFigure(""); }} options={WITH.filter(({ key: way }) => way !== "growth" || fact.kind === "number").map((way) => ({ key: way.key, name: t(way.name) }))} />
          {than !== "value" && <Choose label={t("Other fact")} value={other} onChoose={setOther} options={[{ key: "", name: t("Choose a fact") }, ...rest.map(shown)]} />}
          {(than !== "fact" || fact.kind === "number") && (
            <Write label={than === "value" ? t("Value with its unit") : than === "fact" ? t("Times, if not once") : t("Growth in %")} value={figure} onWrite={setFigure} />
          )}
        </>
      )}
      {test !== "" && <UseIt test={{ holds: test }} onUse={() => onUse({ holds: test })} />}
    </>
  );
}

/** A computed number seldom equals one that an author has rounded, so it is about that number. The last is taken where the chosen one does not fit. */
function operators(fact: FactOption, than: string, figure: string) {
  if (fact.kind === "text") return [EQUALS];
  if (fact.kind !== "number") return [...OPERATORS, EQUALS];
  if (than === "value") return [...OPERATORS, EQUALS, ABOUT];
  return [...OPERATORS, than === "growth" || figure.trim() !== "" ? ABOUT : EQUALS];
}

function inFull({ value, unit }: FactOption): string {
  return unit === "1" || unit === "" || value.includes(unit) ? value : `${value} ${unit}`;
}

/** The test in the test language; empty while something is to be chosen. */
function written(fact: FactOption, operator: string, than: string, other: string, figure: string): string {
  const own = `fact(${fact.key})`;
  const given = figure.trim();
  if (fact.kind === "truth") return given === "not" ? `not ${own}` : own;
  const quoted = fact.kind === "text" ? `"${given.replaceAll('"', "'")}"` : given;
  if (than === "value") return given === "" ? "" : compared(own, operator, quoted);
  if (other === "") return "";
  if (than === "growth") return given === "" ? "" : compared(`${own} / fact(${other}) - 1`, operator, `${given.replace(/\s*%$/, "")} %`);
  if (operator === "about") return compared(`${own} / fact(${other})`, operator, given);
  return `${own} ${operator} ${given === "" ? "" : `${given} * `}fact(${other})`;
}

/** What is about a number differs from it by half a unit of its last digit at most; empty if no number is given. */
function compared(what: string, operator: string, value: string): string {
  if (operator !== "about") return `${what} ${operator} ${value}`;
  const half = halfUnit(value);
  return half === "" ? "" : `abs(${difference(what, value)}) <= ${half}`;
}
