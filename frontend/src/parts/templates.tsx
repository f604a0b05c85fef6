import type { Case, Loc } from "../api";
import { jumpTo, showField } from "../jump";
import { plural, t, word } from "../words";

/** The screen that edits texts of a block, and which texts; all of them if none is named. */
const EDITED: Record<string, { screen: string; parts?: string[] }> = {
  title: { screen: "argument" },
  summary: { screen: "argument" },
  article: { screen: "argument" },
  sources: { screen: "argument", parts: ["cite"] },
  questions: { screen: "argument", parts: ["asks"] },
  claims: { screen: "argument", parts: ["says", "mechanism", "untested", "parts", "any of", "most of"] },
  facts: { screen: "facts", parts: ["value", "note"] },
  beliefs: { screen: "beliefs", parts: ["by", "why"] },
  actors: { screen: "actors", parts: ["name"] },
  theatres: { screen: "actors", parts: ["aim"] },
  events: { screen: "events", parts: ["says"] },
};

const NAMES: Record<string, string> = {
  title: word("Title"),
  summary: word("Summary"),
  article: word("Article"),
  sources: word("Source"),
  questions: word("Question"),
  claims: word("Claim"),
  facts: word("Fact"),
  beliefs: word("Belief"),
  actors: word("Actor"),
  theatres: word("Theatre"),
  events: word("Event"),
};

/** How many items still have the template's text; it opens to their list. */
export function Templates({ all }: { all: Case["templates"] }) {
  return (
    <details class="banner">
      <summary>{plural("{count} item still has the template's text. Every file is marked as a draft until it is gone.", "{count} items still have the template's text. Every file is marked as a draft until they are gone.", all.length)}</summary>
      <ul>
        {all.map(({ loc, line }) => (
          <li key={loc.join(" ")}>
            {nameOf(loc)} <Jump loc={loc} line={line} />
          </li>
        ))}
      </ul>
    </details>
  );
}

function nameOf([block = "", key = ""]: Loc): string {
  const name = NAMES[block];
  return `${name === undefined ? block : t(name)} ${key}`.trim();
}

function Jump({ loc, line }: { loc: Loc; line: number | null }) {
  const [block = "", , part = ""] = loc.map(String);
  const where = EDITED[block];
  const has = where !== undefined && (where.parts?.includes(part) ?? true);
  const label = has ? t("Go to its field") : t("Go to its line");
  return (
    <button type="button" class="link" aria-label={`${label}: ${nameOf(loc)}`} onClick={() => (has ? showField(where.screen, loc) : jumpTo(line ?? 1))}>
      {label}
    </button>
  );
}
