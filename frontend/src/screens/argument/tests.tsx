import { useRef, useState } from "preact/hooks";
import type { Change, Said } from "../../api";
import { useEdit, Wrong } from "../../parts/wrong";
import { t, word } from "../../words";
import { block, type Target, testing } from "./data";
import { FactTest } from "./fact_test";
import { GameTest } from "./game_test";
import { Threshold } from "./parts";
import { askMeasured, type Block, type Measured, type TestOptions } from "./requests";

/** Call it with a test that was chosen, and what else the case needs for it. */
export type Use = (test: Block, before?: Change[], cites?: string[]) => void;

interface Props {
  target: Target;
  tests: TestOptions;
}

const WAYS = [
  { key: "facts", name: word("Compare facts") },
  { key: "data", name: word("Look it up in the data sets") },
  { key: "game", name: word("Ask the game") },
  { key: "none", name: word("Say why there is no test") },
];

/** Make a test by choosing from lists. */
export function Builder({ target, tests }: Props) {
  const [isOpen, setOpen] = useState(false);
  const summary = useRef<HTMLElement>(null);
  const close = () => {
    setOpen(false);
    summary.current?.focus();
  };
  return (
    <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary ref={summary} aria-label={t("Choose a test: {claim}", { claim: target.name })}>{t("Choose a test")}</summary>
      {isOpen && <Choice target={target} tests={tests} onDone={close} />}
    </details>
  );
}

function Choice({ target, tests, onDone }: Props & { onDone: () => void }) {
  const isPart = target.loc.length > 2;
  const ways = WAYS.filter(({ key }) => key !== "data" || !isPart);
  const [way, setWay] = useState("facts");
  const [make, wrong] = useEdit();
  const use: Use = async (test, before = [], cites = []) => {
    if (await make([...before, ...testing(target, test, cites)])) onDone();
  };
  return (
    <div class="builder">
      <label>
        {t("Way of testing")}{" "}
        <select value={way} onChange={(event) => setWay(event.currentTarget.value)}>
          {ways.map(({ key, name }) => <option key={key} value={key}>{t(name)}</option>)}
        </select>
      </label>
      {way === "facts" && <FactTest facts={tests.facts} onUse={use} />}
      {way === "data" && <DataTest says={target.says} onUse={use} />}
      {way === "game" && <GameTest tests={tests} isForecast={target.kind === "forecast" && !isPart} onUse={use} />}
      {way === "none" && <NoTest onUse={use} />}
      {wrong}
    </div>
  );
}

/** A sentence that the data sets on this machine decide becomes a test with its facts and sources. */
function DataTest({ says, onUse }: { says: string; onUse: Use }) {
  const [sentence, setSentence] = useState(says);
  const [answered, setAnswered] = useState<Measured | Said | null>(null);
  const use = ({ test, sources, facts, cites }: Measured) => {
    const put = (block: string) => ([key, value]: [string, Block[string]]): Change => ({ do: "put", loc: [block, key], value });
    onUse(test, [...Object.entries(sources).map(put("sources")), ...Object.entries(facts).map(put("facts"))], cites);
  };
  return (
    <>
      <label>
        {t("Sentence to look up, in English")}
        <textarea class="wide" value={sentence} onInput={(event) => setSentence(event.currentTarget.value)} />
      </label>
      <button type="button" disabled={sentence.trim() === ""} onClick={() => void askMeasured(sentence).then(setAnswered)}>{t("Look it up")}</button>
      {answered && "message" in answered && <Wrong all={[answered]} />}
      {answered && "test" in answered && (
        <>
          <p role="status">{t("The data decide it. The facts {facts} come into the case with it.", { facts: Object.keys(answered.facts).join(", ") || "–" })}</p>
          <UseIt test={answered.test} onUse={() => use(answered)} />
        </>
      )}
    </>
  );
}

function NoTest({ onUse }: { onUse: Use }) {
  const [needs, setNeeds] = useState("");
  const [why, setWhy] = useState("");
  return (
    <>
      <label class="row">
        <span>{t("What a test would need")}</span>
        <input class="wide" value={needs} onInput={(event) => setNeeds(event.currentTarget.value)} />
      </label>
      <label class="row">
        <span>{t("Why there is none")}</span>
        <input class="wide" value={why} onInput={(event) => setWhy(event.currentTarget.value)} />
      </label>
      <button type="button" disabled={needs.trim() === "" || why.trim() === ""} onClick={() => onUse({ untested: { needs: [needs], why } })}>
        {t("Save the reason")}
      </button>
    </>
  );
}

/** The test as the case will write it, and the button that takes it. */
export function UseIt({ test: { threshold, ...rest }, onUse }: { test: Block; onUse: () => void }) {
  return (
    <>
      {Object.entries(rest).map(([key, value]) => (
        <p key={key}><code>{key}: {typeof value === "string" ? value : JSON.stringify(value)}</code></p>
      ))}
      <Threshold of={block(threshold)} />
      <button type="button" onClick={onUse}>{t("Use this test")}</button>
    </>
  );
}
