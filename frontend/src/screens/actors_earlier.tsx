import { useState } from "preact/hooks";
import { mappingAt } from "../parts/written";
import { useEdit } from "../parts/wrong";
import { view } from "../state";
import { t, word } from "../words";
import { theatres } from "./roles";

const EMPTY = { key: "", like: "", at: "" };
const ENTRIES: [part: "key" | "at", name: string][] = [
  ["key", word("Short name, such as in_1994")],
  ["at", word("Day: YYYY-MM-DD")],
];

/** A form for the game of a theatre as it was on an earlier day. */
export function NewEarlier() {
  const [entered, setEntered] = useState(EMPTY);
  const [make, wrong] = useEdit();
  if (!view.value?.writable) return null;
  const { key, like, at } = entered;
  const exists = key in mappingAt("theatres");
  const add = async (event: Event) => {
    event.preventDefault();
    if (await make([{ do: "put", loc: ["theatres", key], value: { like, at } }])) setEntered(EMPTY);
  };
  return (
    <details>
      <summary>{t("Add a theatre as it was on an earlier day")}</summary>
      <form noValidate aria-label={t("Add a theatre as it was on an earlier day")} onSubmit={(event) => void add(event)}>
        <label class="row">
          <span>{t("Theatre")}</span>
          <select value={like} onChange={(event) => setEntered({ ...entered, like: event.currentTarget.value })}>
            <option value="" disabled>{t("Choose …")}</option>
            {theatres().map((name) => <option key={name} value={name}>{name}</option>)}
          </select>
        </label>
        {ENTRIES.map(([part, name]) => (
          <label class="row" key={part}>
            <span>{t(name)}</span>
            <input required value={entered[part]} onInput={(event) => setEntered({ ...entered, [part]: event.currentTarget.value })} />
          </label>
        ))}
        <button disabled={key.trim() === "" || like === "" || at.trim() === "" || exists}>{t("Add it")}</button>
        {wrong}
      </form>
    </details>
  );
}
