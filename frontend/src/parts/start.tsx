import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { answer, Refused } from "../api";
import { theCase, view } from "../state";
import { t } from "../words";
import { Form, Input, Why } from "./form";
import { type Handed, handOver } from "./handed";
import { menuOpen } from "./navigation";
import { Told } from "./told";

interface Listed {
  file: string;
  name: string;
  title: string;
  shipped: boolean;
}

interface Cases {
  home: string;
  /** Names of folders that exist. */
  taken: string[];
  cases: Listed[];
}

const MAX_FILE = 3_500_000; // bytes; in base64 it fits into a request

/** Which panel stands before the screen: for a new case and other ones, or for a copy of the open one. */
export const panel = signal<"start" | "copy" | null>(null);

/** Ask the server to show another case, then load a screen of it. */
async function show(path: string, body: Record<string, string>, screen: string, article?: Handed): Promise<void> {
  const { file } = await answer<{ file: string }>(path, body);
  if (article !== undefined) handOver(file, article);
  location.assign(`/${screen}`);
}

export function StartButton() {
  return <button type="button" onClick={() => { menuOpen.value = false; panel.value = "start"; }}>{t("Your own case")}</button>;
}

/** The dialog for new cases, copies and other cases. */
export function StartPanel() {
  const dialog = useRef<HTMLDialogElement>(null);
  const [known, setKnown] = useState<Cases | null>(null);
  const shown = panel.value;
  useEffect(() => {
    if (shown === null) {
      dialog.current?.close();
      return;
    }
    dialog.current?.showModal();
    void answer<Cases>("/api/cases").then(setKnown);
  }, [shown]);
  return (
    <dialog ref={dialog} class="start" aria-labelledby="start-title" onClose={() => { panel.value = null; }}>
      <div class="tools">
        <h2 id="start-title">{shown === "copy" ? t("Make a copy that you can change") : t("Your own case")}</h2>
        <button type="button" onClick={() => { panel.value = null; }}>{t("Close")}</button>
      </div>
      {shown === "copy" && <CopyForm home={known?.home ?? ""} taken={known?.taken ?? []} />}
      {shown === "start" && <NewForm home={known?.home ?? ""} taken={known?.taken ?? []} />}
      {shown === "start" && <Others known={known} />}
    </dialog>
  );
}

/** A form that shows what the server refused; it is sent once at a time. */
function Sending({ label, busy, send, children }: { label: string; busy: string; send: () => Promise<void>; children: ComponentChildren }) {
  const [sending, setSending] = useState(false);
  const [refused, setRefused] = useState<Refused | null>(null);
  const submit = async () => {
    if (sending) return;
    setSending(true);
    setRefused(null);
    try {
      await send();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      setRefused(error);
      setSending(false);
    }
  };
  return (
    <Form class="fields" onSubmit={() => void submit()}>
      {children}
      {refused && <p class="banner refused" role="alert"><Told of={refused} /></p>}
      <div class="tools">
        <button class="first" aria-disabled={sending}>{label}</button>
        <span role="status">{sending && busy}</span>
      </div>
    </Form>
  );
}

function FolderField({ home, value, onInput }: { home: string; value: string; onInput: (name: string) => void }) {
  return (
    <>
      <label>
        {t("Folder name")}
        <Input name="folder" required maxLength={80} value={value} onInput={(event) => onInput(event.currentTarget.value)} />
      </label>
      <Why of="folder" />
      <p class="small">{t("The case is written to {path}", { path: `${home}/${value}` })}</p>
    </>
  );
}

function CopyForm({ home, taken }: { home: string; taken: string[] }) {
  const [folder, setFolder] = useState<string | null>(null);
  const named = folder ?? free(`my-${theCase.value?.id ?? "case"}`, taken);
  return (
    <Sending label={t("Make the copy")} busy={t("Making the case …")} send={() => show("/api/copy", { folder: named }, "argument")}>
      <FolderField home={home} value={named} onInput={setFolder} />
    </Sending>
  );
}

function NewForm({ home, taken }: { home: string; taken: string[] }) {
  const [title, setTitle] = useState("");
  const [day, setDay] = useState("");
  const [text, setText] = useState("");
  const [file, setFile] = useState<File | null>(null);
  const [folder, setFolder] = useState<string | null>(null);
  const named = folder ?? free(proposed(title), taken);
  const send = async () => {
    const article = file === null ? { text } : { file: await base64(file), name: file.name };
    await show("/api/new", { folder: named, title, day, ...article }, "argument", article);
  };
  return (
    <section aria-labelledby="new-title">
      <h3 id="new-title">{t("A new case")}</h3>
      <p>{t("Paste the article that makes the argument, or open its file. Leave both empty to begin without an article.")}</p>
      <p>{t("An article in English is read. One in Korean or Japanese is split into sentences, and you choose the claims.")}</p>
      <Sending label={t("Make the case")} busy={t("Making the case …")} send={send}>
        <label>
          {t("Article")}
          <textarea rows={6} maxLength={1_000_000} value={text} onInput={(event) => setText(event.currentTarget.value)} />
        </label>
        <label>
          {t("Or its file: text, Markdown, HTML, Word or PDF")}
          <input type="file" accept=".txt,.md,.markdown,.html,.htm,.docx,.pdf" onChange={(event) => setFile(event.currentTarget.files?.[0] ?? null)} />
        </label>
        <p class="small">{t("The article stays on this machine. The case stores at most twelve words of each sentence.")}</p>
        <label>
          {t("Title")}
          <input maxLength={300} value={title} onInput={(event) => setTitle(event.currentTarget.value)} />
        </label>
        <label>
          {t("Day of the article")}
          <Input name="day" type="date" max="9999-12-31" value={day} onInput={(event) => setDay(event.currentTarget.value)} />
        </label>
        <Why of="day" />
        <FolderField home={home} value={named} onInput={setFolder} />
      </Sending>
    </section>
  );
}

function Others({ known }: { known: Cases | null }) {
  if (known === null) return null;
  const others = known.cases.filter(({ file }) => file !== view.value?.file);
  const own = others.filter(({ shipped }) => !shipped);
  return (
    <section aria-labelledby="others-title">
      <h3 id="others-title">{t("Open another case")}</h3>
      <p class="small">{t("A run that is under way ends when you open another case.")}</p>
      <h4>{t("Your cases")}</h4>
      {own.length === 0 ? <p>{t("There are no other cases in {path}.", { path: known.home })}</p> : <Cards cases={own} />}
      <h4>{t("Cases that come with the program")}</h4>
      <Cards cases={others.filter(({ shipped }) => shipped)} />
    </section>
  );
}

function Cards({ cases }: { cases: Listed[] }) {
  const [refused, setRefused] = useState<Refused | null>(null);
  const open = (file: string) =>
    show("/api/open", { file }, "").catch((error: unknown) => {
      if (!(error instanceof Refused)) throw error;
      setRefused(error);
    });
  return (
    <>
      {refused && <p class="banner refused" role="alert"><Told of={refused} /></p>}
      <ul>
        {cases.map(({ file, name, title }) => (
          <li key={file}>
            <button type="button" class="link" title={file} onClick={() => void open(file)}>{name}</button> {title}
          </li>
        ))}
      </ul>
    </>
  );
}

/** A folder name made of the words of a title. */
function proposed(title: string): string {
  return title.toLowerCase().match(/[\p{L}\p{N}]+/gu)?.slice(0, 5).join("-").slice(0, 60) || "my-case";
}

/** Return a name, with the first number after it that makes it free. */
function free(name: string, taken: string[]): string {
  let next = name;
  for (let at = 2; taken.includes(next); at += 1) next = `${name}-${at}`;
  return next;
}

async function base64(file: File): Promise<string> {
  if (file.size > MAX_FILE) throw new Refused(t("The file has more than {count} MB.", { count: MAX_FILE / 1e6 }), t("Paste the text of the article."), null);
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ""));
    reader.onerror = () => reject(new Refused(t("The file cannot be read."), t("Paste the text of the article."), null));
    reader.readAsDataURL(file);
  });
}
