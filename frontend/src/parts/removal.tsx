import type { Change } from "../api";
import { view } from "../state";
import { t } from "../words";
import { useEdit } from "./wrong";

/** The button that takes an item out of the case; while other places of the case name the item, which these are. */
export function Removal({ name, uses, changes }: { name: string; uses: string[]; changes: () => Change[] }) {
  const [make, wrong] = useEdit();
  if (!view.value?.writable) return null;
  if (uses.length > 0) return <p class="small">{t("To remove it, take it out of these first: {places}", { places: uses.join(", ") })}</p>;
  return (
    <>
      <button type="button" onClick={() => void make(changes())}>{t("Remove {name}", { name })}</button>
      {wrong}
    </>
  );
}
