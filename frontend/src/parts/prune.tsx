import { useState } from "preact/hooks";
import { answer } from "../api";
import { attempt } from "../run";
import { t } from "../words";
import { Ask } from "./ask";
import { Form, Input, Why } from "./form";
import { Dated } from "./moment";

interface Gone {
  runs: { name: string; moment: string }[];
  noted: number;
}

/** Old runs are removed by age and number, after a look at which would go. */
export function Prune({ read }: { read: () => void }) {
  const [days, setDays] = useState("90");
  const [keep, setKeep] = useState("20");
  const [due, setDue] = useState<Gone | null>(null);
  const send = (dry: boolean) =>
    attempt(answer<Gone>("/api/runs/prune", { days: days === "" ? null : Number(days), keep: keep === "" ? null : Number(keep), dry }));
  const look = async () => setDue((await send(true)) ?? null);
  const remove = async () => {
    await send(false);
    setDue(null);
    read();
  };
  return (
    <Form onSubmit={() => void look()}>
      <h2>{t("Remove old runs")}</h2>
      <div class="tools">
        <label>{t("Older than (days)")} <Input name="days" type="number" min={0} max={36500} value={days} onInput={(event) => setDays(event.currentTarget.value)} /></label>
        <Why of="days" />
        <label>{t("Keep the newest")} <Input name="keep" type="number" min={1} max={100000} value={keep} onInput={(event) => setKeep(event.currentTarget.value)} /></label>
        <Why of="keep" />
        <button type="submit">{t("Show which would go")}</button>
      </div>
      <p role="status">{due?.runs.length === 0 && t("No run would go.")} {due !== null && due.noted > 0 && t("Runs with a note that stay: {count}", { count: due.noted })}</p>
      {due !== null && due.runs.length > 0 && (
        <Ask title={t("Remove these runs?")} yes={t("Remove")} onYes={() => void remove()} onNo={() => setDue(null)}>
          <ul>{due.runs.map(({ name, moment }) => <li key={name}><Dated text={t("{run} of {day}", { run: name })} moment={moment} /></li>)}</ul>
          <p>{t("They cannot be brought back.")}</p>
        </Ask>
      )}
    </Form>
  );
}
