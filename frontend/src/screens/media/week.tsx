import { t, word } from "../../words";
import { nameIn, THEMES } from "./names";
import { startWeek, type Judgement, type Target, type Week } from "./requests";
import { archive, coder, follow, orRefused, overview, work } from "./state";
import { WorkProgress } from "./work";

const GAPS: Record<NonNullable<Week["gap"]>, string> = {
  open: word("not over yet"),
  empty: word("no statement"),
  days: word("too few days"),
  output: word("too few statements"),
};

/** What a week has, by the count that lies farthest from what is expected. */
const COUNTS: Record<string, string> = {
  all: word("Critical items: {items}; {expected} are expected, and up to {limit} are usual."),
  commentary: word("Commentaries: {items}; {expected} are expected, and up to {limit} are usual."),
  newspaper: word("Newspaper articles: {items}; {expected} are expected, and up to {limit} are usual."),
  ministry: word("Statements of officials: {items}; {expected} are expected, and up to {limit} are usual."),
  leader: word("Statements of the leader: {items}; {expected} are expected, and up to {limit} are usual."),
  quoted: word("Items that quote foreign voices: {items}; {expected} are expected, and up to {limit} are usual."),
  rare: word("Items of a rank that hardly ever speaks: {items}; {expected} are expected, and up to {limit} are usual."),
};

/** The latest week about each state, beside what calendar, events and the weeks before lead one to expect. */
export function ThisWeek() {
  const { task, about, ready } = work.value;
  const ofThis = task === "week" && about?.[0] === archive.value && about[1] === coder.value;
  const targets = ofThis && ready ? (ready as unknown as { targets: Target[] }).targets : null;
  const running = work.value.stage !== undefined;
  const start = async () => {
    await orRefused(startWeek(archive.value, coder.value));
    await follow();
  };
  return (
    <section aria-labelledby="media-week">
      <h2 id="media-week">{t("The latest week")}</h2>
      <p class="small">{t("The headlines of the Korean Central News Agency in English, counted by week. The first time in a year it takes about a minute for each state.")}</p>
      {!running && <button type="button" onClick={() => void start()}>{t("Judge the latest week")}</button>}
      <WorkProgress task="week" says={(stage) => t("The weeks are judged: {state}", { state: overview.value?.states[stage] ?? "…" })} />
      {targets?.map((target) => <OneTarget key={target.target} target={target} />)}
    </section>
  );
}

function OneTarget({ target }: { target: Target }) {
  const { judgement } = target;
  return (
    <section aria-label={target.name}>
      <h3>{target.name}</h3>
      {judgement === null ? (
        <p>{t("No week can be judged: none has statements of at least five days after {day}.", { day: overview.value?.counted_from ?? "" })}</p>
      ) : (
        <Judged target={target} judgement={judgement} />
      )}
      {target.weeks.length > 0 && <Series weeks={target.weeks} name={target.name} />}
      {target.weeks.length > 0 && <WeekTable weeks={target.weeks} />}
    </section>
  );
}

function Judged({ target, judgement }: { target: Target; judgement: Judgement }) {
  const theme = nameIn(THEMES)(judgement.theme);
  return (
    <>
      <p>
        <strong class={judgement.rings ? "alarm" : ""}>
          {judgement.rings
            ? t("Alarm: the week of {week} has more than calendar, events and the weeks before lead one to expect.", { week: judgement.week })
            : t("Ritual: the week of {week} has no more than calendar, events and the weeks before lead one to expect.", { week: judgement.week })}
        </strong>{" "}
        {t(COUNTS[judgement.count] ?? COUNTS["all"]!, { items: judgement.count_items, expected: one(judgement.count_expected), limit: judgement.count_limit })}{" "}
        {judgement.probability < 0.0001
          ? t("The probability of such a week is below 0.01 %.")
          : t("The probability of such a week is {percent} %.", { percent: Number((100 * judgement.probability).toPrecision(2)) })}{" "}
        {theme && t("Most of it is on: {theme}.", { theme: t(theme) })}
      </p>
      <p>
        {t("Expected critical items: {all}. Level, season and anniversaries bring {calendar}, events add {events}, the weeks before add {carried}.", {
          all: one(judgement.expected), calendar: one(judgement.calendar), events: one(judgement.events), carried: one(judgement.carried),
        })}
      </p>
      <p>{target.occasions.length > 0 ? t("Anniversaries: {names}.", { names: target.occasions.join("; ") }) : t("No anniversary falls in this week.")}</p>
      <p>{target.events.length > 0 ? t("Events of this week and the five before: {names}.", { names: target.events.map(({ date, says }) => `${date} ${says}`).join("; ") }) : t("No event is known in this week and the five before.")}</p>
      {target.headlines.length > 0 && (
        <details>
          <summary>{t("Critical headlines of the week: {count}", { count: target.critical })}</summary>
          <ul lang="en">{target.headlines.map((title, index) => <li key={index}>{title}</li>)}</ul>
        </details>
      )}
    </>
  );
}

const one = (value: number) => (Math.round(10 * value) / 10 || 0).toFixed(1); // never -0.0
const STEP = 44;
const HEIGHT = 150;
const FOOT = 22;
const LEFT = 34;

/** The weeks as a picture: a dot for what was said, a bar for the range that is expected, a line in it for its mean. */
function Series({ weeks, name }: { weeks: Week[]; name: string }) {
  const top = Math.max(5, ...weeks.flatMap(({ critical, expected }) => [critical ?? 0, expected?.high ?? 0]));
  const y = (value: number) => 8 + (HEIGHT - 8) * (1 - value / top);
  const x = (index: number) => LEFT + STEP * (index + 0.5);
  const width = LEFT + STEP * weeks.length;
  return (
    <figure class="weeks">
      <div class="scroll" tabIndex={0} role="region" aria-label={t("Weeks about {state}", { state: name })}>
        <svg width={width} height={HEIGHT + FOOT} viewBox={`0 0 ${width} ${HEIGHT + FOOT}`} role="img" aria-label={t("Critical items by week about {state}; the table below has the numbers", { state: name })}>
          {[0, top / 2, top].map((value) => (
            <g key={value}>
              <line class="grid" x1={LEFT} x2={width} y1={y(value)} y2={y(value)} />
              <text x={LEFT - 5} y={y(value) + 4} text-anchor="end">{Math.round(value)}</text>
            </g>
          ))}
          {weeks.map((week, index) => (
            <g key={week.week}>
              {week.expected && <rect class="range" x={x(index) - 9} width={18} y={y(week.expected.high)} height={Math.max(1, y(week.expected.low) - y(week.expected.high))} />}
              {week.expected && <line class="mean" x1={x(index) - 9} x2={x(index) + 9} y1={y(week.expected.mean)} y2={y(week.expected.mean)} />}
              {week.critical !== null && <circle class={week.gap ? "gap" : "said"} cx={x(index)} cy={y(week.critical)} r={5} />}
              <text x={x(index)} y={HEIGHT + 16} text-anchor="middle">{week.week.slice(5)}</text>
            </g>
          ))}
        </svg>
      </div>
      <figcaption class="small">{t("Dot: critical items of the week. Bar: the range that holds nine weeks of ten. Line in it: what is expected.")}</figcaption>
    </figure>
  );
}

const HEADS = [word("Week of"), word("Critical"), word("Hostile"), word("Expected"), word("Range"), word("Calendar and season"), word("All statements"), word("Remark")];

function WeekTable({ weeks }: { weeks: Week[] }) {
  return (
    <details>
      <summary>{t("Table of the weeks")}</summary>
      <div class="scroll" tabIndex={0} role="region" aria-label={t("Table of the weeks")}>
        <table>
          <thead><tr>{HEADS.map((head) => <th key={head} scope="col">{t(head)}</th>)}</tr></thead>
          <tbody>
            {[...weeks].reverse().map((week) => (
              <tr key={week.week}>
                <th scope="row">{week.week}</th>
                {cells(week).map((text, index) => <td key={index} data-label={t(HEADS[index + 1]!)}>{text}</td>)}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function cells({ critical, hostile, expected, output, gap }: Week): string[] {
  const figure = (value: number | null) => (value === null ? "–" : String(value));
  return [
    figure(critical), figure(hostile), expected ? one(expected.mean) : "–",
    expected ? t("{low} to {high}", { low: expected.low, high: expected.high }) : "–",
    expected ? one(expected.calendar) : "–", String(output), gap ? t(GAPS[gap]) : "",
  ];
}
