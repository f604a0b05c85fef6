import type { Said } from "../api";

/** Why what a field says is not saved; read aloud. The field names it with `aria-describedby`. */
export function Wrong({ id, all }: { id: string; all: Said[] }) {
  if (all.length === 0) return null;
  return (
    <span id={id} class="wrong" role="alert">
      {all.map(({ message, remedy }) => <span key={message}>{message} {remedy !== null && <span class="remedy">{remedy}</span>}</span>)}
    </span>
  );
}
