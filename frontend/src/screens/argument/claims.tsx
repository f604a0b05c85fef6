import { useEffect, useRef, useState } from "preact/hooks";
import type { Change, Json, Said } from "../../api";
import { jumpTo, showItem } from "../../jump";
import { Choice, Line } from "../../parts/choice";
import { listed } from "../../parts/fact_rows";
import { Field } from "../../parts/field";
import { Told } from "../../parts/told";
import { useEdit } from "../../parts/wrong";
import { edit, goTo, view } from "../../state";
import { t, word } from "../../words";
import { adding, block, type ClaimItem, parting, removing, sentencesOf, type Target, testing } from "./data";
import { Kept, showClaim, Threshold } from "./parts";
import { type Need, needs, said, terms, tests } from "./requests";
import { Builder } from "./tests";

/** The claims in their order: what each says, what tests it, and what it still needs. */
export function Claims({ claims }: { claims: ClaimItem[] }) {
  const known = terms.value;
  const [make, wrong] = useEdit();
  const add = () => {
    if (known === null) return;
    const { changes, first } = adding(view.value?.data, [known.empty]);
    void make(changes).then((done) => { if (done) showClaim(first); });
  };
  const writable = view.value?.writable ?? false;
  return (
    <section aria-labelledby="claims-title">
      <h2 id="claims-title" tabIndex={-1}>{t("Claims")}</h2>
      {writable && <button type="button" disabled={known === null} onClick={add}>{t("Add an empty claim")}</button>}
      {wrong}
      <ol class="claims">
        {claims.map((claim) => {
          const shown = { claim, lacks: needs.value[claim.id] ?? [], means: said.value[claim.id] ?? {}, writable };
          return <Kept key={claim.id} of={shown} draw={() => <Card {...shown} />} />;
        })}
      </ol>
    </section>
  );
}

interface CardProps {
  claim: ClaimItem;
  lacks: Need[];
  means: Record<string, string>;
  writable: boolean;
}

function Card({ claim, lacks, means, writable }: CardProps) {
  const { id } = claim;
  const put = (key: string, value: Json): Change => ({ do: "put", loc: [...claim.loc, key], value });
  const save = (key: string, value: Json) =>
    edit([value === "" ? { do: "take", loc: [...claim.loc, key] } : put(key, value)]);
  const saveSentence = async (value: string): Promise<Said[]> => {
    const known = sentencesOf(view.value?.data);
    const number = Number(value) || value;
    if (value === "" || known.length === 0 || known.some((sentence) => sentence.number === number)) return save("sentence", number);
    return [{ message: t("No sentence of the article has the number {number}: there are {count}.", { number, count: known.length }), remedy: null }];
  };
  return (
    <li id={`claim-${id}`} class="claim">
      <h3>{id}</h3>
      <Field tall label={`${t("Claim")}: ${id}`} value={claim.says} readOnly={!writable} onSave={(value) => edit([put("says", value)])} />
      {means[""] && <p class="small">{means[""]}</p>}
      <div class="tools">
        <Choice name={t("Kind")} of={id} value={claim.kind} options={Object.entries(terms.value?.kinds ?? {})} onSave={(kind) => save("kind", kind)} />
        <Short name={word("Sentence")} of={id} value={String(claim.sentence ?? "")} readOnly={!writable} onSave={saveSentence} />
        {claim.kind === "forecast" && <Short name={word("By when")} of={id} value={claim.due} readOnly={!writable} onSave={(value) => save("due", value)} />}
      </div>
      {(writable || claim.sources.length > 0) && (
        <Line name={t("Sources")} of={id} value={claim.sources.join(", ")} onSave={(keys) => save("sources", keys.trim() === "" ? "" : [listed(keys)].flat())} />
      )}
      {claim.mechanism !== "" && <Line name={t("Mechanism")} of={id} value={claim.mechanism} tall onSave={(value) => save("mechanism", value)} />}
      {claim.parts.length === 0 ? <Tested target={claim} writable={writable} /> : (
        <ul class="parts">
          {claim.parts.map((part) => <PartItem key={part.name} part={part} means={means[String(part.loc[3])]} writable={writable} />)}
        </ul>
      )}
      <Needs all={lacks} id={id} />
      {writable && <Tools claim={claim} />}
    </li>
  );
}

/** A short field with its name beside it. */
function Short({ name, of, ...field }: { name: string; of: string; value: string; readOnly: boolean; onSave: (value: string) => Promise<Said[]> }) {
  return <span class="short">{t(name)} <Field label={`${t(name)}: ${of}`} {...field} /></span>;
}

function PartItem({ part, means, writable }: { part: Target; means: string | undefined; writable: boolean }) {
  const [make, wrong] = useEdit();
  return (
    <li>
      <h4>{t("Part {part}", { part: part.name })}</h4>
      <Field tall label={`${t("Claim")}: ${part.name}`} value={part.says} readOnly={!writable} onSave={(value) => edit([{ do: "put", loc: [...part.loc, "says"], value }])} />
      {means && <p class="small">{means}</p>}
      <Tested target={part} writable={writable} />
      {writable && <button type="button" class="link" aria-label={t("Remove part {part}", { part: part.name })} onClick={() => void make([{ do: "take", loc: part.loc }])}>{t("Remove the part")}</button>}
      {wrong}
    </li>
  );
}

/** What else can be done with a claim: divide it, remove it. */
function Tools({ claim }: { claim: ClaimItem }) {
  const known = terms.value;
  const [isAsking, setAsking] = useState(false);
  const [make, wrong] = useEdit();
  if (isAsking) return <Remove id={claim.id} onKeep={() => { setAsking(false); showClaim(claim.id); }} />;
  return (
    <div class="tools">
      {known && claim.chance === "" && (
        <button type="button" aria-label={t("Add a part to claim {claim}", { claim: claim.id })} onClick={() => void make(parting(claim, known.empty))}>
          {claim.parts.length === 0 ? t("Divide into two parts") : t("Add a part")}
        </button>
      )}
      <button type="button" aria-label={t("Remove claim {claim}", { claim: claim.id })} onClick={() => setAsking(true)}>{t("Remove the claim")}</button>
      {wrong}
    </div>
  );
}

/** What tests a claim or a part: written by hand, or chosen from lists. A text with new errors is not saved. */
function Tested({ target, writable }: { target: Target; writable: boolean }) {
  const known = block(terms.value?.empty["untested"]);
  const key = target.chance === "" ? "holds" : "chance";
  const label = target.chance === "" ? word("It holds if") : word("Its chance is");
  const save = (value: string) => edit(testing(target, value === "" ? { untested: known } : kept(target, key, value)));
  return (
    <div class="tested">
      {(writable || target[key] !== "") && (
        <>
          <span class="small">{t(label)}</span>
          <Field tall label={`${t(label)}: ${target.name}`} value={target[key]} readOnly={!writable} onSave={save} />
        </>
      )}
      <Threshold of={block(target.threshold ?? undefined)} />
      {target.untested && (
        <div class="small">
          {target.untested !== known["why"] && <p>{t("It has no test. {why}", { why: target.untested })}</p>}
          <p>{t("A test would need: {needs}", { needs: target.needs.join("; ") })}</p>
        </div>
      )}
      {writable && tests.value && <Builder target={target} tests={tests.value} />}
    </div>
  );
}

/** A test that was written by hand; the threshold stays if the text names one. */
function kept(target: Target, key: string, value: string) {
  const threshold = target.threshold !== null && value.includes("threshold") ? { threshold: target.threshold } : {};
  return { [key]: value, ...threshold };
}

function Needs({ all, id }: { all: Need[]; id: string }) {
  if (all.length === 0) return null;
  return (
    <>
      <h4 id={`needs-${id}`}>{t("What it still needs")}</h4>
      <ul class="needs" aria-labelledby={`needs-${id}`}>
        {all.map((need) => (
          <li key={need.text}>
            <Told of={{ message: need.text, remedy: need.remedy }} /> <Jump need={need} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Jump({ need: { screen, item, line, text } }: { need: Need }) {
  const name = screen === "facts" ? t("Go to the facts") : screen === "beliefs" ? t("Go to the beliefs") : t("Go to its line");
  if (!screen && !line) return null;
  const go = () => {
    if (screen && item) showItem(screen, item);
    else if (screen) goTo(screen);
    else jumpTo(line ?? 1);
  };
  return <button type="button" class="link" aria-label={`${name}: ${text}`} onClick={go}>{name}</button>;
}

function Remove({ id, onKeep }: { id: string; onKeep: () => void }) {
  const [make, wrong] = useEdit();
  const heading = useRef<HTMLParagraphElement>(null);
  const { changes, stays, goes } = removing(view.value?.data, id);
  const remove = async () => {
    if (await make(changes)) document.getElementById("claims-title")?.focus();
  };
  useEffect(() => heading.current?.focus(), []); // the button that asked is gone
  return (
    <div class="banner" role="group" aria-label={t("Remove claim {claim}", { claim: id })}>
      <p ref={heading} tabIndex={-1}>{t("Remove claim {claim}?", { claim: id })}</p>
      {stays.length > 0 && <p>{t("It goes from {names}.", { names: stays.join(", ") })}</p>}
      {goes.length > 0 && <p>{t("What is about it alone goes too: {names}.", { names: goes.join(", ") })}</p>}
      {stays.length + goes.length === 0 && <p>{t("Nothing else names it.")}</p>}
      {wrong}
      <div class="tools">
        <button type="button" onClick={() => void remove()}>{t("Remove")}</button>
        <button type="button" onClick={onKeep}>{t("Keep it")}</button>
      </div>
    </div>
  );
}
