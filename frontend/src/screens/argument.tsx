import { Field } from "../parts/field";
import type { Claim } from "../api";
import { OfCase } from "../parts/unread";
import { edit, view } from "../state";
import { t } from "../words";

/** The claims of the argument in its order, with what decides each. */
export function Argument() {
  return <OfCase show={({ claims }) => <Claims claims={claims} />} />;
}

function Claims({ claims }: { claims: Claim[] }) {
  return (
    <ol class="cards">
      {claims.map((claim) => (
        <li key={claim.id}>
          <h2>{claim.id}</h2>
          <Field
            label={`${t("Claim")}: ${claim.id}`}
            value={claim.says}
            readOnly={!view.value?.writable}
            wide
            onSave={(value) => void edit([{ do: "put", loc: ["claims", claim.id, "says"], value }])}
          />
          {claim.holds && <p>{t("It holds if")} <code>{claim.holds}</code></p>}
          {claim.parts && (
            <ul>
              {Object.entries(claim.parts).map(([name, part]) => (
                <li key={name}>{part.says} {part.holds && <code>{part.holds}</code>}</li>
              ))}
            </ul>
          )}
          {!claim.holds && !claim.parts && <p>{t("Nothing tests it yet.")}</p>}
        </li>
      ))}
    </ol>
  );
}
