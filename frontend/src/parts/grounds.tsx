import type { Result, Share } from "../api";
import { showItem } from "../jump";
import { t } from "../words";
import { Named } from "./named";

/** What a verdict rests on: the facts that were read, and the probability by model and by threshold. */
export function Grounds({ of }: { of: Result }) {
  const { range, models, thresholds, facts } = of;
  return (
    <>
      {facts.length > 0 && <Facts facts={facts} />}
      {range !== "" && <Named rows={[[t("Range"), range]]} />}
      {models.length > 0 && <Shares title={t("Probability by model")} head={t("Model")} rows={models} />}
      {thresholds && (
        <>
          <Shares title={t("Probability by threshold")} head={t("Threshold")} rows={thresholds.points} />
          {thresholds.means !== "" && <p class="small">{t("Central threshold: {means}", { means: thresholds.means })}</p>}
          <p class="small">{turning(thresholds.turns)}</p>
        </>
      )}
    </>
  );
}

function turning(turns: string[]): string {
  if (turns.length === 0) return t("No threshold of the range turns the verdict.");
  return t("The verdict turns at {thresholds}.", { thresholds: turns.join("; ") });
}

function Facts({ facts }: { facts: Result["facts"] }) {
  return (
    <table>
      <caption>{t("Facts read")}</caption>
      <thead>
        <tr>
          <th scope="col">{t("Fact")}</th>
          <th scope="col">{t("Value")}</th>
          <th scope="col">{t("Date")}</th>
          <th scope="col">{t("Source")}</th>
        </tr>
      </thead>
      <tbody>
        {facts.map(({ key, value, date, sources }) => (
          <tr key={key}>
            <th scope="row"><button type="button" class="link" onClick={() => showItem("facts", key)}>{key}</button></th>
            <td data-label={t("Value")}>{value}</td>
            <td data-label={t("Date")}>{date}</td>
            <td data-label={t("Source")}>{sources.join(", ")}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Probabilities as a table, each with a bar. */
function Shares({ title, head, rows }: { title: string; head: string; rows: Share[] }) {
  return (
    <table class="shares">
      <caption>{title}</caption>
      <thead>
        <tr>
          <th scope="col">{head}</th>
          <th scope="col">{t("Probability")}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, said, share }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td data-label={t("Probability")}>
              <svg width="104" height="10" aria-hidden="true">
                <rect class="all" x="0.5" y="0.5" width="103" height="9" />
                <rect class="share" x="2" y="2" width={100 * share} height="6" />
              </svg>{" "}
              {said}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
