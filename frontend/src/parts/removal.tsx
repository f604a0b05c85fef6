import type { Change } from "../api";
import { edit, view } from "../state";
import { t } from "../words";

/** The button that takes an item out of the case; while other places of the case name the item, which these are. */
export function Removal({ name, uses, changes }: { name: string; uses: string[]; changes: () => Change[] }) {
  if (!view.value?.writable) return null;
  if (uses.length > 0) return <p class="small">{t("To remove it, take it out of these first: {places}", { places: uses.join(", ") })}</p>;
  return <button type="button" onClick={() => void edit(changes())}>{t("Remove {name}", { name })}</button>;
}
