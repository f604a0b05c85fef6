import { useEffect, useState } from "preact/hooks";
import { plural, t } from "../words";
import { AgreementPart } from "./media/agreement";
import { Coding } from "./media/coding";
import { LearnAgain } from "./media/learning";
import { type Added, addTable } from "./media/requests";
import { archive, archives, begin, coder, look, open, orRefused, overview } from "./media/state";
import { ThisWeek } from "./media/week";

const MAX_BYTES = 3_500_000;
const OUTLETS = ["kcna", "rodong", "minju", "naenara", "uriminzokkiri", "chosonsinbo", "pyongyang_times", "voice_of_korea", "kctv", "foreign_ministry"];

/** What state media say: the latest week, headlines to code, and what the reader's codes make of the coder. */
export function Media() {
  useEffect(() => void begin(), []);
  const known = overview.value;
  return (
    <>
      <label class="row archive">
        <span>{t("Archive of statements")}</span>
        <select value={archive.value} onChange={(event) => void open(event.currentTarget.value)}>
          {archives.value.map((file) => <option key={file} value={file}>{file}</option>)}
        </select>
      </label>
      {known === null && <p role="status">{t("The archive is being read …")}</p>}
      {known !== null && <Held statements={known.statements} latest={known.latest} />}
      {coder.value === "own" && <p class="banner">{t("Your own coder codes the headlines.")}</p>}
      <AddTable first={known?.statements === 0} />
      {known !== null && known.statements > 0 && (
        <div key={archive.value}>
          <ThisWeek />
          <Coding />
          <AgreementPart />
          <LearnAgain />
        </div>
      )}
    </>
  );
}

function Held({ statements, latest }: { statements: number; latest: string | null }) {
  if (statements === 0) {
    return <p>{t("This archive holds no statement yet. Add a table of headlines here, or saved pages with: tocsin rhetoric add FILES")}</p>;
  }
  if (latest === null) return <p>{plural("{count} statement", "{count} statements", statements)}</p>;
  return <p>{plural("{count} statement, of {latest}", "{count} statements, the latest of {latest}", statements, { latest })}</p>;
}

/** A form that adds a table of headlines to the archive. */
function AddTable({ first }: { first: boolean }) {
  const [outlet, setOutlet] = useState("kcna");
  const [busy, setBusy] = useState(false);
  const [result, setResult] = useState<Added | null>(null);
  const [refused, setRefused] = useState("");
  const choose = async (input: HTMLInputElement) => {
    const file = input.files?.[0];
    if (file === undefined) return;
    setResult(null);
    setRefused("");
    if (file.size > MAX_BYTES) {
      setRefused(t("The file has more than {most} MB. Add it with: tocsin rhetoric add FILES", { most: MAX_BYTES / 1e6 }));
      return;
    }
    setBusy(true);
    setResult(await orRefused(addTable(archive.value, file.name, await inBase64(file), outlet)));
    setBusy(false);
    input.value = "";
    await look();
  };
  return (
    <details open={first || result !== null}>
      <summary>{t("Add a table of headlines")}</summary>
      <p class="small">{t("A CSV file with the columns date and title. More columns are read: outlet, language, text, translation, address. Each statement is stored once.")}</p>
      <label class="row">
        <span>{t("Outlet of rows that name none")}</span>
        <select value={outlet} onChange={(event) => setOutlet(event.currentTarget.value)}>
          {OUTLETS.map((name) => <option key={name}>{name}</option>)}
        </select>
      </label>
      <label class="row">
        <span>{t("CSV file")}</span>
        <input type="file" accept=".csv,text/csv" disabled={busy} onChange={(event) => void choose(event.currentTarget)} />
      </label>
      <div role="status">
        {busy && <p>{t("The table is being added …")}</p>}
        {refused && <p>{refused}</p>}
        {result && <Result result={result} />}
      </div>
    </details>
  );
}

function Result({ result }: { result: Added }) {
  return (
    <>
      <p>{t("Statements added: {added}, known already: {known}, rows not added: {lost}", { added: result.added, known: result.known, lost: result.lost })}</p>
      <ul>{result.reasons.map((reason) => <li key={reason}>{reason}</li>)}</ul>
    </>
  );
}

function inBase64(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).split(",")[1] ?? "");
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}
