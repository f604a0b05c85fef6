import type { Json, Loc } from "../api";
import { jumpTo } from "../jump";
import { Line } from "../parts/choice";
import { figureOf, figuresOf, mappingAt, put, putOrTake, textAt, written } from "../parts/written";
import { plural, t, word } from "../words";
import { effects } from "./events_effects";

const COUNTS: [string, string][] = [
  ["wars", word("Wars")],
  ["press", word("Years with pressure")],
  ["concessions", word("Concessions")],
  ["clashes", word("Clashes")],
];

const FIELDS: [part: string, name: string][] = [
  ["years", word("Number of years")],
  ["first", word("First of these years")],
  ...COUNTS,
  ["recalled", word("Years that are only recalled")],
  ["weight", word("Weight of a past year, 0 to 1")],
  ["by", word("Judged by")],
  ["why", word("Reason")],
];

/** The record of the past by theatre, as the case has it. */
export function Past() {
  const theatres = Object.keys(mappingAt("history"));
  if (theatres.length === 0) return null;
  return (
    <>
      <h2>{t("The record of the past")}</h2>
      {theatres.map((theatre) => <OfTheatre key={theatre} theatre={theatre} />)}
    </>
  );
}

function OfTheatre({ theatre }: { theatre: string }) {
  const line = effects.value?.lines[theatre];
  const spells = Object.entries(mappingAt("history", theatre, "regimes")).flatMap(([key, rows]) => (Array.isArray(rows) ? rows.map((row): [string, Json] => [key, row]) : []));
  return (
    <section aria-label={t("Record of {theatre}", { theatre })}>
      <h3>{t("Record of {theatre}", { theatre })}</h3>
      <p>
        {plural("{count} year from {first}.", "{count} years from {first}.", Number(textAt("history", theatre, "years")), { first: textAt("history", theatre, "first") || "–" })}{" "}
        {COUNTS.map(([key, name]) => `${t(name)}: ${counted(written("history", theatre, key))}`).join("; ")}
      </p>
      {spells.length > 0 && <Spells rows={spells} />}
      <details>
        <summary>{t("Change the record of {theatre}", { theatre })}</summary>
        <p class="small">{t("Write a number of years, or the years themselves with commas between them.")}</p>
        {FIELDS.map(([part, name]) => <Part key={part} loc={["history", theatre, part]} name={t(name)} of={theatre} />)}
      </details>
      {line !== undefined && <button type="button" onClick={() => jumpTo(line)}>{t("Show it in the YAML")}</button>}
    </section>
  );
}

function Part({ loc, name, of }: { loc: Loc; name: string; of: string }) {
  const value = written(...loc);
  const save = (text: string) => {
    const isList = Array.isArray(value) || text.includes(",");
    return text.trim() === "" ? putOrTake(loc, "") : put(loc, isWords(loc) ? text : isList ? figuresOf(text) : figureOf(text));
  };
  return <Line name={name} of={of} value={Array.isArray(value) ? value.map(String).join(", ") : textAt(...loc)} onSave={save} />;
}

const isWords = (loc: Loc): boolean => ["by", "why"].includes(String(loc.at(-1)));

function Spells({ rows }: { rows: [regime: string, spell: Json][] }) {
  const part = (spell: Json, name: string) => {
    const value = spell instanceof Object && !Array.isArray(spell) ? spell[name] : undefined;
    return value === undefined ? "" : String(value);
  };
  return (
    <table>
      <thead><tr><th scope="col">{t("Condition")}</th><th scope="col">{t("State")}</th><th scope="col">{t("Since")}</th></tr></thead>
      <tbody>
        {rows.map(([regime, spell], index) => (
          <tr key={index}>
            <th scope="row">{regime}</th>
            <td data-label={t("State")}>{part(spell, "state")}</td>
            <td data-label={t("Since")}>{[part(spell, "from"), part(spell, "until")].filter(Boolean).join(" – ")}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The number of years that a count or a list of years says; a dash where the case does not say. */
function counted(value: Json | undefined): string {
  if (Array.isArray(value)) return String(value.length);
  return value === undefined || value === null ? "–" : String(value);
}
