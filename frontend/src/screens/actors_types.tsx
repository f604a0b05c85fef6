import { Line } from "../parts/choice";
import { figureOf, mappingAt, put, textAt } from "../parts/written";
import { t, word } from "../words";

const PARTS: [string, string][] = [
  ["weight", word("Weight")],
  ["by", word("Judged by")],
  ["why", word("Reason")],
];

/** The types of challenger, which want the aim more or less, with their weights; a case without them has those of the program. */
export function Types() {
  const types = Object.keys(mappingAt("types"));
  return (
    <>
      <h2>{t("Types of challenger")}</h2>
      <p>{t("A revisionist wants the aim itself; another type wants it less, for instance because it seeks security. Results are pooled by weight.")}</p>
      {types.length === 0 && <p>{t("The case states none, so a revisionist and one that seeks security count equally.")}</p>}
      {types.length > 0 && (
        <ul class="cards">
          {types.map((type) => (
            <li key={type}>
              <h3>{type}</h3>
              {PARTS.map(([part, name]) => (
                <Line
                  key={part} name={t(name)} of={type} value={textAt("types", type, part)}
                  onSave={(value) => put(["types", type, part], part === "weight" ? figureOf(value) : value)}
                />
              ))}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
