import { useEffect, useState } from "preact/hooks";
import type { Json, Loc, Said } from "../../api";
import { takeWantedItem, wantedItem } from "../../jump";
import { Choice, Choices, Line } from "../../parts/choice";
import { Removal } from "../../parts/removal";
import { useEdit } from "../../parts/wrong";
import { mappingAt, namesAt, takes, textAt, written } from "../../parts/written";
import { edit, view } from "../../state";
import { shortened, t, word } from "../../words";
import type { ClaimItem } from "./data";

/** Save a value; an empty text is taken out. Returns why it is not saved. */
type Save = (loc: Loc) => (value: Json) => Promise<Said[]>;
const save: Save = (loc) => (value) => edit([value === "" ? { do: "take", loc } : { do: "put", loc, value }]);

const CASE = [["title", word("Title")], ["summary", word("Summary")], ["as_of", word("Day of the case")]] as const;
const ARTICLE = [["title", word("Title of the article")], ["outlet", word("Outlet")], ["date", word("Day of the article")]] as const;
const SOURCE = [["cite", word("Citation")], ["grade", word("Grade, such as A1 or C3")], ["url", word("Address")], ["read", word("Read on")]] as const;

/** What the case says of itself: its title, summary and day, its article, questions and sources. Drawn when it is open. */
export function AboutCase({ claims }: { claims: ClaimItem[] }) {
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    if (wantedItem.value === "") return;
    takeWantedItem();
    setOpen(true);
  }, [wantedItem.value]);
  return (
    <details class="about" open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary><h2>{t("About the case")}</h2></summary>
      {isOpen && <Parts claims={claims} />}
    </details>
  );
}

function Parts({ claims }: { claims: ClaimItem[] }) {
  const name = textAt("id");
  return (
    <>
      {CASE.map(([part, label]) => <Text key={part} loc={[part]} label={label} of={name} />)}
      {written("article") !== undefined && ARTICLE.map(([part, label]) => <Text key={part} loc={["article", part]} label={label} of={name} />)}
      <h3>{t("Questions")}</h3>
      <ul class="cards">{Object.keys(mappingAt("questions")).map((key) => <Question key={key} name={key} claims={claims} />)}</ul>
      {view.value?.writable && claims.length > 0 && <NewQuestion claims={claims} />}
      <h3>{t("Sources")}</h3>
      <ul class="cards">
        {Object.keys(mappingAt("sources")).map((key) => (
          <li key={key} data-loc={`sources.${key}`}>
            <h4>{key}</h4>
            {SOURCE.map(([part, label]) => <Text key={part} loc={["sources", key, part]} label={label} of={key} />)}
          </li>
        ))}
      </ul>
    </>
  );
}

function Text({ loc, label, of }: { loc: Loc; label: string; of: string }) {
  return (
    <div data-loc={loc.join(".")}>
      <Line name={t(label)} of={of} value={textAt(...loc)} tall={label === "Summary" || label === "Citation"} onSave={save(loc)} />
    </div>
  );
}

/** A question: the main claim answers it, and related claims stand beside. */
function Question({ name, claims }: { name: string; claims: ClaimItem[] }) {
  const loc: Loc = ["questions", name];
  const [main = "", ...related] = namesAt(...loc, "claims");
  const put = save([...loc, "claims"]);
  return (
    <li data-loc={`questions.${name}`}>
      <Line name={t("Question")} of={name} value={textAt(...loc, "asks")} tall onSave={save([...loc, "asks"])} />
      <Choice
        name={t("Main claim")} of={name} value={main} options={claims.map(({ id, says }) => [id, `${id} ${says}`])}
        onSave={(id) => put([id, ...related.map((other) => (other === id ? main : other))])}
      />
      <Choices
        name={t("Related claims")} of={name} value={related} options={claims.filter(({ id }) => id !== main).map(({ id }) => [id, id])}
        onSave={(ids) => put([main, ...ids])}
      />
      <Removal name={name} uses={[]} changes={() => takes(["questions"], name)} />
    </li>
  );
}

/** A new question with its main claim: the first claim that has a test is proposed. */
function NewQuestion({ claims }: { claims: ClaimItem[] }) {
  const [make, wrong] = useEdit();
  const [asks, setAsks] = useState("");
  const [chosen, setChosen] = useState("");
  const proposed = claims.find((claim) => claim.holds !== "" || claim.parts.some(({ holds }) => holds !== "")) ?? claims[0]!;
  const main = claims.find(({ id }) => id === chosen) ?? proposed;
  const add = async (event: Event) => {
    event.preventDefault();
    const known = mappingAt("questions");
    let at = 1;
    while (`Q${at}` in known) at += 1;
    if (await make([{ do: "put", loc: ["questions", `Q${at}`], value: { asks, claims: [main.id] } }])) {
      setAsks("");
      setChosen("");
    }
  };
  return (
    <form class="tools" noValidate onSubmit={(event) => void add(event)}>
      <label>{t("New question")} <input required value={asks} onInput={(event) => setAsks(event.currentTarget.value)} /></label>
      <label>
        {t("Main claim")}{" "}
        <select value={main.id} onChange={(event) => setChosen(event.currentTarget.value)}>
          {claims.map(({ id, says }) => <option key={id} value={id}>{`${id} ${shortened(says)}`}</option>)}
        </select>
      </label>
      <button disabled={asks.trim() === ""}>{t("Add the question")}</button>
      {wrong}
    </form>
  );
}
