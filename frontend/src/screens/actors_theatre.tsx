import type { Change, Loc } from "../api";
import { Choice, Choices, Line } from "../parts/choice";
import { figureOf, figuresOf, mappingAt, namesAt, put, puts, putOrTake, takes, textAt } from "../parts/written";
import { edit, view } from "../state";
import { Removal } from "../parts/removal";
import { useEdit } from "../parts/wrong";
import { t, word } from "../words";
import { Promises } from "./actors_promises";
import { Drawn, games } from "./game_drawn";
import { actorOptions, nameOf, ROLES, SIDES } from "./roles";

/** One game: who wants what from whom, who stands by, and the order in which they move. */
export function Theatre({ name }: { name: string }) {
  const like = textAt("theatres", name, "like");
  return (
    <section aria-label={t("Theatre {name}", { name })}>
      <h2>{t("Theatre {name}", { name })}</h2>
      <div class="beside">
        {like === "" ? <Roles name={name} /> : <Earlier name={name} like={like} />}
        <Drawn theatre={name} />
      </div>
    </section>
  );
}

function Earlier({ name, like }: { name: string; like: string }) {
  return (
    <div>
      <p>{t("The game of theatre {like} on an earlier day.", { like })}</p>
      <Line name={t("Date")} of={name} value={textAt("theatres", name, "at")} onSave={(day) => put(["theatres", name, "at"], day)} />
      <Removal name={name} uses={[]} changes={() => removal(name)} />
    </div>
  );
}

/** The changes that take out a theatre of an earlier day with its beliefs. */
function removal(name: string): Change[] {
  const own = Object.keys(mappingAt("beliefs")).filter((belief) => belief.endsWith(`@${name}`));
  return [...own.map((belief): Change => ({ do: "take", loc: ["beliefs", belief] })), ...takes(["theatres"], name)];
}

function Roles({ name }: { name: string }) {
  const loc: Loc = ["theatres", name];
  const actors = actorOptions();
  const number = (part: string, shown: string) => (
    <Line name={t(shown)} of={name} value={textAt(...loc, part)} onSave={(value) => (value === "" ? putOrTake([...loc, part], "") : put([...loc, part], figureOf(value)))} />
  );
  return (
    <div>
      <Line name={t("Aim")} of={name} value={textAt(...loc, "aim")} onSave={(value) => put([...loc, "aim"], value)} />
      <Choice name={t("Who wants change")} of={name} value={textAt(...loc, "challenger")} options={actors} onSave={(value) => put([...loc, "challenger"], value)} />
      <Choice name={t("From whom")} of={name} value={textAt(...loc, "target")} options={actors} onSave={(value) => put([...loc, "target"], value)} />
      {SIDES.map(([side, shown]) => <Side key={side} loc={[...loc, side]} name={t(shown)} of={name} />)}
      <details>
        <summary>{t("Bases and arms")}</summary>
        <Lean loc={[...loc, "access"]} of={name} word={word("Its bases are in")} />
        <Lean loc={[...loc, "arms"]} of={name} word={word("Its arms come from")} />
      </details>
      <Promises theatre={name} />
      {Object.keys(mappingAt("regimes")).length > 0 && (
        <Choices
          name={t("Conditions that can change here")} of={name} value={namesAt(...loc, "regimes")}
          options={Object.keys(mappingAt("regimes")).map((key) => [key, games.value?.conditions[key] ?? key])}
          onSave={(values) => put([...loc, "regimes"], values)}
        />
      )}
      {number("levels", word("Steps to the aim"))}
      {number("start", word("Steps taken already"))}
      {number("horizon", word("Years reported"))}
      <Line
        name={t("Further years to report, counted from now (empty: every fifth)")} of={name} value={namesAt(...loc, "milestones").join(", ")}
        onSave={(text) => (text.trim() === "" ? putOrTake([...loc, "milestones"], "") : put([...loc, "milestones"], figuresOf(text)))}
      />
      <Choice
        name={t("The chance of pressure rests on")} of={name} value={textAt(...loc, "pressure") || "payoffs"}
        options={[["payoffs", t("payoffs and record")], ["history", t("the record of the past")]]}
        onSave={(value) => put([...loc, "pressure"], value)}
      />
    </div>
  );
}

/** An ordered list of helpers: each can move up or leave, and any other actor can join. */
function Side({ loc, name, of }: { loc: Loc; name: string; of: string }) {
  const helpers = namesAt(...loc);
  const theatre = loc.slice(0, 2);
  const taken = [...helpers, textAt(...theatre, "challenger"), textAt(...theatre, "target")];
  const free = actorOptions().filter(([key]) => !taken.includes(key));
  const [make, wrong] = useEdit();
  const save = (value: string[]) => void make([{ do: "put", loc, value }]);
  const sooner = (index: number) => {
    const next = [...helpers];
    next.splice(index - 1, 0, ...next.splice(index, 1));
    save(next);
  };
  return (
    <div class="row">
      <span>{name}</span>
      <div>
        <ol class="helpers" aria-label={`${name}: ${of}`}>
          {helpers.map((actor, index) => (
            <li key={actor}>
              {nameOf(actor)}
              {view.value?.writable && (
                <span class="tools">
                  {index > 0 && <button type="button" aria-label={t("Move {name} up", { name: nameOf(actor) })} onClick={() => sooner(index)}>↑</button>}
                  <button type="button" aria-label={t("Remove {name}", { name: nameOf(actor) })} onClick={() => save(helpers.filter((other) => other !== actor))}>✕</button>
                </span>
              )}
            </li>
          ))}
        </ol>
        {helpers.length === 0 && <p class="small">{t("no actor")}</p>}
        {wrong}
        {view.value?.writable && free.length > 0 && (
          <label>
            {t("Add to: {list}", { list: name })}{" "}
            <select value="" onChange={(event) => save([...helpers, event.currentTarget.value])}>
              <option value="" disabled>{t("Choose …")}</option>
              {free.map(([key, text]) => <option key={key} value={key}>{text}</option>)}
            </select>
          </label>
        )}
      </div>
    </div>
  );
}

/** On whom the actors of a theatre lean, one line for each that leans on somebody and one for another. */
function Lean({ loc, of, word: shown }: { loc: Loc; of: string; word: string }) {
  const leans = mappingAt(...loc);
  const theatre = loc.slice(0, 2);
  const roles = loc[2] === "access" ? ["protectors"] : ROLES.map(([role]) => role);
  const offered = [...new Set(roles.flatMap((role) => namesAt(...theatre, role)))];
  const nobody: [string, string] = ["", t("nobody else")];
  return (
    <>
      {offered.map((actor) => (
        <Choice
          key={actor} name={`${nameOf(actor)}: ${t(shown)}`} of={of} value={typeof leans[actor] === "string" ? leans[actor] : ""}
          options={[nobody, ...actorOptions().filter(([key]) => key !== actor)]}
          onSave={(host) => edit(host === "" ? takes(loc, actor) : puts(loc, { [actor]: host }))}
        />
      ))}
    </>
  );
}
