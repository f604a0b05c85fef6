import type { ComponentChildren } from "preact";
import { useMemo } from "preact/hooks";
import { t } from "../../words";
import { type Block, terms } from "./requests";

/** Draw something again only if what it shows has changed: an edit changes one claim of many. */
export function Kept({ of, draw }: { of: unknown; draw: () => ComponentChildren }) {
  return <>{useMemo(draw, [JSON.stringify(of)])}</>;
}

/** The size from which an effect counts, and the others that are tried. */
export function Threshold({ of: { values, central, unit } }: { of: Block }) {
  if (!Array.isArray(values)) return null;
  const sizes = values.map(String).join(", ");
  if (unit === undefined || unit === "1") return <p class="small">{t("The threshold is {central}; tried: {sizes}", { central: String(central), sizes })}</p>;
  return <p class="small">{t("The threshold is {central} {unit}; tried: {sizes}", { central: String(central), unit: terms.value?.units[String(unit)] ?? String(unit), sizes })}</p>;
}

/** Put the focus on the text of a claim, once it is on the page. */
export function showClaim(id: string): void {
  requestAnimationFrame(() => document.querySelector<HTMLElement>(`#claim-${CSS.escape(id)} textarea`)?.focus());
}
