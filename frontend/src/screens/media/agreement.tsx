import { useEffect, useState } from "preact/hooks";
import { plural, t, word } from "../../words";
import { CODE_NAMES, nameIn, said, SPEAKERS, THEMES, TONES } from "./names";
import { type Agreement, type Code, type Confusion, readAgreement } from "./requests";
import { archive, orRefused, overview } from "./state";

const STATISTICS: Record<string, string> = {
  "tone, agreement": word("Tone, share of equal codes"),
  "tone, kappa": word("Tone, Cohen's kappa"),
  "target, exact": word("Target, share of equal sets"),
  "speaker, agreement": word("Speaker, share of equal codes"),
  "speaker, kappa": word("Speaker, Cohen's kappa"),
  "speaker, macro F1": word("Speaker, F1 (mean over speakers)"),
  "theme, micro F1": word("Theme, F1 (all themes together)"),
  "hostile to Japan, F1": word("Hostile to Japan, F1"),
};

/** How well the coder that comes with the program agrees with the reader. */
export function AgreementPart() {
  const [agreement, setAgreement] = useState<Agreement | null>(null);
  const coded = overview.value?.coded ?? 0;
  useEffect(() => {
    void orRefused(readAgreement(archive.value)).then(setAgreement);
  }, [archive.value, coded]);
  return (
    <section aria-labelledby="media-agreement">
      <h2 id="media-agreement">{t("Agreement")}</h2>
      {agreement === null ? <p>{t("You have coded no headline yet.")}</p> : <Found agreement={agreement} />}
    </section>
  );
}

function Found({ agreement }: { agreement: Agreement }) {
  return (
    <>
      <p>{plural("{count} headline has codes from you and from the coder that comes with Tocsin. Intervals have 90 %, from resampled headlines.", "{count} headlines have codes from you and from the coder that comes with Tocsin. Intervals have 90 %, from resampled headlines.", agreement.n)}</p>
      {agreement.few && <p class="banner">{t("These are few headlines: with fewer than 50 the figures can be far off.")}</p>}
      <p class="small">{t("The least certain headlines come first, so the coder agrees with you less on them than on all headlines.")}</p>
      <Table name={t("Agreement")} heads={[t("Measure"), t("Value"), t("Interval")]} rows={agreement.statistics.map(({ name, value, low, high }) => [t(STATISTICS[name] ?? name), figure(value), t("{low} to {high}", { low: figure(low), high: figure(high) })])} />
      {agreement.differences.length > 0 && (
        <Table
          name={t("Most frequent differences")}
          heads={[t("Code"), t("You"), t("Coder"), t("Headlines")]}
          rows={agreement.differences.map(({ column, first, second, count }) => [t(CODE_NAMES[column]), named(column, first), named(column, second), String(count)])}
        />
      )}
      <ConfusionTable name={t("Tone: your codes in rows, the coder's in columns")} of={agreement.tone} column="tone" />
      <ConfusionTable name={t("Speaker: your codes in rows, the coder's in columns")} of={agreement.speaker} column="speaker" />
      <Table
        name={t("Themes")}
        heads={[t("Theme"), t("Both"), t("You alone"), t("The coder alone")]}
        rows={agreement.theme.map(({ name, both, reader, coder }) => [named("theme", name), String(both), String(reader), String(coder)])}
      />
    </>
  );
}

function ConfusionTable({ name, of, column }: { name: string; of: Confusion; column: Code }) {
  const names = of.names.map((code) => named(column, code));
  return <Table name={name} heads={[t("You"), ...names]} rows={of.counts.map((counts, index) => [names[index] ?? "", ...counts.map(String)])} />;
}

/** A table with its name; the first cell of a row names it. */
function Table({ name, heads, rows }: { name: string; heads: string[]; rows: string[][] }) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={name}>
      <table class="counts">
        <caption>{name}</caption>
        <thead><tr>{heads.map((head) => <th key={head} scope="col">{head}</th>)}</tr></thead>
        <tbody>
          {rows.map(([first, ...others], place) => (
            <tr key={place}>
              <th scope="row">{first}</th>
              {others.map((cell, index) => <td key={index} data-label={heads[index + 1]}>{cell}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function named(column: Code, codes: string): string {
  const lists = { tone: TONES, speaker: SPEAKERS, theme: THEMES };
  const name = column === "target" ? (code: string) => overview.value?.states[code] : nameIn(lists[column]);
  return said(codes, (code) => {
    const known = name(code);
    return known === undefined || column === "target" ? known : t(known);
  }) || t("none");
}

const figure = (value: number) => value.toFixed(2);
