import type { Result } from "../api";

/** Texts, each under its name. */
export function Named({ rows }: { rows: [name: string, text: string][] }) {
  return (
    <>
      {rows.map(([name, text]) => (
        <p key={name} class="named">
          <strong>{name}</strong>
          <span>{text}</span>
        </p>
      ))}
    </>
  );
}

/** A verdict in words, with its sign. */
export function Mark({ result }: { result: Pick<Result, "verdict" | "verdictWords"> }) {
  return <span class={`mark ${result.verdict.replace(" ", "-")}`}>{result.verdictWords}</span>;
}
