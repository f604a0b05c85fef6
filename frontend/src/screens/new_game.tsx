import { useState } from "preact/hooks";
import { answer, Refused, type View } from "../api";
import { Form, Input } from "../parts/form";
import { Labelled } from "../parts/labelled";
import { load, refusal, view } from "../state";
import { t, word } from "../words";
import { actorOptions } from "./roles";

const EMPTY = { challenger: "", target: "", protectors: "", backers: "", aim: "", levels: "", horizon: "" };
const ENTRIES: [keyof typeof EMPTY, string][] = [
  ["challenger", word("Who wants change")],
  ["target", word("From whom")],
  ["protectors", word("Who may defend the target, with commas between them")],
  ["backers", word("Who may support the challenger, with commas between them")],
];

/** What the challenger wants; nobody else can judge it, so the fields are empty. */
const AIM: [part: keyof typeof EMPTY, name: string, most: number][] = [
  ["levels", word("Steps to the aim, 1 to 8"), 8],
  ["horizon", word("Years reported, 1 to 100"), 100],
];

/** What a game would add to a case that has none, and the form that adds one. */
export function NewGame() {
  const [entered, setEntered] = useState(EMPTY);
  const [waiting, setWaiting] = useState(false);
  const set = (part: keyof typeof EMPTY) => (event: { currentTarget: { value: string } }) => setEntered({ ...entered, [part]: event.currentTarget.value });
  const add = async () => {
    setWaiting(true);
    await addGame(entered);
    setWaiting(false);
  };
  return (
    <section aria-label={t("Add a game")}>
      <p>{t("This case has no game: facts decide its claims. A game lets claims say what would follow from an event: that somebody loses by it, is deterred, or goes to war.")}</p>
      {view.value?.writable && (
        <Form class="form" onSubmit={() => void add()}>
          <p class="small whole">{t("Name states, such as Russia or RUS, or short names of your own in capitals. Without helpers, defence pacts propose them; write nobody for none.")}</p>
          {ENTRIES.map(([part, name]) => (
            <Labelled key={part} name={t(name)}><input list="known-actors" value={entered[part]} onInput={set(part)} /></Labelled>
          ))}
          <Labelled name={t("The aim in plain words")} of="aim"><Input name="aim" required maxLength={500} value={entered.aim} onInput={set("aim")} /></Labelled>
          {AIM.map(([part, name, most]) => (
            <Labelled key={part} name={t(name)} of={part}>
              <Input name={part} type="number" required min={1} max={most} value={entered[part]} onInput={set(part)} />
            </Labelled>
          ))}
          <datalist id="known-actors">{actorOptions().map(([key, name]) => <option key={key} value={key}>{name}</option>)}</datalist>
          <div class="tools">
            <button disabled={waiting || entered.challenger.trim() === "" || entered.target.trim() === ""}>{t("Add a game")}</button>
            {waiting && <span role="status">{t("The game is being added …")}</span>}
          </div>
        </Form>
      )}
    </section>
  );
}

async function addGame({ challenger, target, protectors, backers, aim, levels, horizon }: typeof EMPTY): Promise<void> {
  const names = (list: string) => list.split(",").map((name) => name.trim()).filter(Boolean);
  try {
    await answer<View>("/api/games", {
      base: view.value?.version ?? "", challenger, target, protectors: names(protectors), backers: names(backers),
      aim, levels: Number(levels), horizon: Number(horizon),
    });
    await load();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    await load();
    refusal.value = { message: error.message, remedy: error.remedy };
  }
}
