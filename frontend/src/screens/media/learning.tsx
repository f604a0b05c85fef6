import { useEffect } from "preact/hooks";
import { t, word } from "../../words";
import { CODE_NAMES } from "./names";
import { type CoderName, type Report, startLearning } from "./requests";
import { archive, coder, follow, look, orRefused, overview, work } from "./state";
import { WorkProgress } from "./work";

const OUTCOMES: Record<Report["outcome"], string> = {
  better: word("Your coder agrees with you better than the one that comes with Tocsin."),
  worse: word("Your coder is worse: it agrees with you less than the one that comes with Tocsin. Do not use it."),
  unclear: word("Whether your coder is better is not clear: the interval holds zero."),
};
const CHOICES: [CoderName, string][] = [
  ["shipped", word("The coder that comes with Tocsin")],
  ["own", word("Your coder")],
];

/** Learn a coder from the reader's codes, see how it compares, and choose which one codes the headlines. */
export function LearnAgain() {
  const known = overview.value;
  const ended = work.value.task === "learn" && work.value.ready !== undefined;
  useEffect(() => {
    if (ended) void look();
  }, [ended]);
  if (known === null) return null;
  const start = async () => {
    coder.value = "shipped";
    await orRefused(startLearning(archive.value));
    await follow();
  };
  return (
    <section aria-labelledby="media-learn">
      <h2 id="media-learn">{t("Learn again")}</h2>
      <p>{t("A new coder learns your codes on top of those that come with Tocsin. It stays apart, and codes nothing unless you choose it.")}</p>
      {known.coded < known.needed ? (
        <p>{t("This needs {needed} English headlines with your codes; you have {coded}.", { needed: known.needed, coded: known.coded })}</p>
      ) : (
        work.value.stage === undefined && <button type="button" onClick={() => void start()}>{t("Learn from my codes")}</button>
      )}
      <WorkProgress task="learn" says={() => t("The coder is learning …")} />
      {known.learned && <Learned report={known.learned} coded={known.coded} />}
    </section>
  );
}

function Learned({ report, coded }: { report: Report; coded: number }) {
  return (
    <>
      <p><strong class={report.outcome === "worse" ? "alarm" : ""}>{t(OUTCOMES[report.outcome])}</strong></p>
      <p>{t("It learned from {n} headlines. Korean headlines left out: {others}. You have coded {coded} by now.", { n: report.n, others: report.left_out, coded })}</p>
      <table class="counts">
        <caption>{t("Shares of your codes that each coder gives. Each headline is coded here by a coder that did not learn it (5 parts, 90 % intervals).")}</caption>
        <thead><tr><th scope="col">{t("Code")}</th><th scope="col">{t("Coder of Tocsin")}</th><th scope="col">{t("Your coder")}</th><th scope="col">{t("Difference")}</th></tr></thead>
        <tbody>
          {report.changes.map(({ code, before, after, low, high }) => (
            <tr key={code}>
              <th scope="row">{t(CODE_NAMES[code])}</th>
              <td data-label={t("Coder of Tocsin")}>{percent(before)} %</td>
              <td data-label={t("Your coder")}>{percent(after)} %</td>
              <td data-label={t("Difference")}>{t("{points} points ({low} to {high})", { points: percent(after - before), low: percent(low), high: percent(high) })}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <fieldset>
        <legend>{t("Headlines and weeks are coded by")}</legend>
        {CHOICES.map(([name, says]) => (
          <label key={name}>
            <input type="radio" name="media-coder" checked={coder.value === name} onChange={() => { coder.value = name; }} /> {t(says)}
          </label>
        ))}
      </fieldset>
    </>
  );
}

const percent = (share: number) => (100 * share).toFixed(1);
