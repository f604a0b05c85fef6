import { useEffect, useRef, useState } from "preact/hooks";
import type { Said } from "../../api";
import { useEdit, Wrong } from "../../parts/wrong";
import { view } from "../../state";
import { plural, t } from "../../words";
import { adding, block, type ClaimItem, hasAll, sentencesOf, stored, type StoredSentence, storing } from "./data";
import { Kept, showClaim } from "./parts";
import { article, type Block, sendFile, sendText, type Sentence, terms } from "./requests";

const ROWS = 60;
const MAX_FILE = 3_500_000; // bytes: in base64 it fits in one request

/** The article: where one is brought, and its sentences with what the draft finds in each. */
export function ArticlePart({ claims }: { claims: ClaimItem[] }) {
  const own = sentencesOf(view.value?.data);
  const read = article.value;
  const isStored = read === null || hasAll(own, read.sentences);
  return (
    <section class="article" aria-labelledby="article-title">
      <h2 id="article-title" tabIndex={-1}>{t("Article")}</h2>
      {view.value?.writable && <Bring isOpen={own.length === 0} />}
      {read && !isStored && <Offer read={read.sentences} own={own.length} />}
      {read && !isStored ? (
        <Sentences all={read.sentences.map(({ number, block }) => stored(number, block))} texts={read.sentences} claims={[]} preview />
      ) : (
        <Sentences all={own} texts={read?.sentences ?? []} claims={claims} preview={false} />
      )}
    </section>
  );
}

function Bring({ isOpen }: { isOpen: boolean }) {
  const [text, setText] = useState("");
  const [file, setFile] = useState<File | null>(null);
  const [isReading, setReading] = useState(false);
  const [refusals, setRefusals] = useState<Said[]>([]);
  const [isShown, setShown] = useState(isOpen);
  const read = async () => {
    if (file && file.size > MAX_FILE) {
      return setRefusals([{ message: t("The file is larger than 3.5 MB."), remedy: t("Paste the text of the article.") }]);
    }
    setReading(true);
    const answered = file ? await sendFile(file.name, await inBase64(file)) : await sendText(text);
    setReading(false);
    if ("message" in answered) return setRefusals([answered]);
    setRefusals([]);
    setShown(false);
    article.value = answered;
  };
  return (
    <details class="bring" open={isShown} onToggle={(event) => setShown(event.currentTarget.open)}>
      <summary>{t("Bring an article")}</summary>
      <form onSubmit={(event) => { event.preventDefault(); void read(); }}>
        <label>
          {t("Text of the article")}
          <textarea class="wide" rows={6} value={text} onInput={(event) => setText(event.currentTarget.value)} />
        </label>
        <label>
          {t("or a file: text, Markdown, HTML, Word (.docx) or PDF")}{" "}
          <input
            type="file" accept=".txt,.md,.markdown,.html,.htm,.xhtml,.docx,.pdf"
            onChange={(event) => setFile(event.currentTarget.files?.[0] ?? null)}
          />
        </label>
        <p class="small">
          {t("The article stays in this window until you close it. The case stores a hash and at most twelve words of each sentence. The rules read English; Korean and Japanese are split into sentences.")}
        </p>
        <button type="submit" disabled={isReading || (text.trim() === "" && file === null)}>{t("Read the article")}</button>
        <span role="status">{isReading && t("The article is being read …")}</span>
        <Wrong all={refusals} />
      </form>
    </details>
  );
}

/** Return the bytes of a file in base64. */
function inBase64(file: File): Promise<string> {
  return new Promise((done, fail) => {
    const reader = new FileReader();
    reader.onload = () => done(String(reader.result).split(",")[1] ?? "");
    reader.onerror = () => fail(reader.error);
    reader.readAsDataURL(file);
  });
}

/** What to do with an article that was read: the case changes only when the reader says so. */
function Offer({ read, own }: { read: Sentence[]; own: number }) {
  const leave = () => document.getElementById("article-title")?.focus(); // the buttons go
  const [make, wrong] = useEdit();
  const store = async () => {
    if (article.value && (await make(storing(article.value, view.value?.data)))) leave();
  };
  const drop = () => {
    article.value = null;
    leave();
  };
  const heading = useRef<HTMLParagraphElement>(null);
  useEffect(() => heading.current?.focus(), [article.value]); // the form that read it is closed
  return (
    <div class="banner">
      <p ref={heading} tabIndex={-1}>{plural("{count} sentence, of which {proposed} may be a claim. It is not in the case yet.", "{count} sentences, {proposed} of them may be claims. They are not in the case yet.", read.length, { proposed: read.filter((sentence) => sentence.proposed).length })}</p>
      {article.value?.notes.map((note) => <p key={note}>{note}</p>)}
      {own > 0 && <p>{plural("The case has {count} sentence already. It would be replaced; claims keep the numbers of their sentences.", "The case has {count} sentences already. They would be replaced; claims keep the numbers of their sentences.", own)}</p>}
      <div class="tools">
        <button type="button" class="first" onClick={() => void store()}>
          {own > 0 ? t("Replace the sentences of the case") : t("Put the sentences in the case")}
        </button>
        <button type="button" onClick={drop}>{t("Leave the case as it is")}</button>
      </div>
      {wrong}
    </div>
  );
}

interface SentencesProps {
  all: StoredSentence[];
  texts: Sentence[];
  claims: ClaimItem[];
  preview: boolean;
}

function Sentences({ all, texts, claims, preview }: SentencesProps) {
  const [shown, setShown] = useState(ROWS);
  const writable = view.value?.writable ?? false;
  if (all.length === 0) return <p>{t("The case has no sentences of an article.")}</p>;
  const isRead = all.some(({ checkable }) => checkable !== null);
  const whole = new Map(texts.map((sentence) => [sentence.block["hash"], sentence]));
  return (
    <>
      {!preview && whole.size === 0 && (
        <p class="small">{t("The case has the first words of each sentence. Bring the article again to read it whole.")}</p>
      )}
      {!isRead && <p class="small">{t("The article is not read, as it is not in English: choose the sentences that are claims.")}</p>}
      <ol class="sentences">
        {all.slice(0, shown).map((sentence) => {
          const own = claims.filter((claim) => claim.sentence === sentence.number).map(({ id }) => id);
          const row = { sentence, whole: whole.get(sentence.hash), claims: own, canMake: !preview && writable, isForeign: isRead && sentence.checkable === null };
          return <Kept key={sentence.number} of={row} draw={() => <Row {...row} />} />;
        })}
      </ol>
      {all.length > shown && <button type="button" onClick={() => setShown(shown + ROWS)}>{t("Show more")}</button>}
    </>
  );
}

interface RowProps {
  sentence: StoredSentence;
  whole: Sentence | undefined;
  claims: string[];
  canMake: boolean;
  /** Whether it is not English, as one of few in the article. */
  isForeign: boolean;
}

function Row({ sentence, whole, claims, canMake, isForeign }: RowProps) {
  const known = terms.value;
  const [save, wrong] = useEdit();
  const make = () => {
    const { changes, first } = whole
      ? adding(view.value?.data, whole.claims, article.value?.source, known?.empty["says"])
      : adding(view.value?.data, [claimOf(sentence)], undefined, known?.empty["says"]);
    void save(changes).then((done) => { if (done) showClaim(first); });
  };
  return (
    <li value={sentence.number}>
      <p>{whole?.text ?? sentence.quote}</p>
      {isForeign && <p class="small">{t("Not read: it is not English.")}</p>}
      {sentence.checkable !== null && (
        <p class="small">
          {known && sentence.checkable >= known.checkable
            ? t("Can be checked ({share} %): {kind}", { share: Math.round(100 * sentence.checkable), kind: known.kinds[sentence.kind] ?? sentence.kind })
            : t("Hard to check ({share} %)", { share: Math.round(100 * sentence.checkable) })}
        </p>
      )}
      {sentence.flags.length > 0 && (
        <ul class="small">
          {sentence.flags.map(({ kind, on, why }) => (
            <li key={`${kind} ${on}`}><strong>{known?.flags[kind] ?? kind}</strong> <q>{on}</q> {why}</li>
          ))}
        </ul>
      )}
      <div class="tools">
        {claims.map((id) => <button key={id} type="button" class="link" onClick={() => showClaim(id)}>{id}</button>)}
        {canMake && known && (
          <button type="button" aria-label={t("Make a claim of sentence {number}", { number: sentence.number })} onClick={make}>{t("Make a claim")}</button>
        )}
        {wrong}
      </div>
    </li>
  );
}

/** A claim without a test, of what the case stores of a sentence. */
function claimOf(sentence: StoredSentence): Block {
  const sources = block(view.value?.data?.["sources"])["article"] === undefined ? {} : { sources: ["article"] };
  return { ...terms.value?.empty, says: sentence.quote, kind: sentence.kind || "fact", sentence: sentence.number, ...sources };
}
