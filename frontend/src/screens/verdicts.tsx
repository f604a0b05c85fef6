import { theCase } from "../state";
import { t } from "../words";

/** The verdicts of the last run. */
export function Verdicts() {
  if (theCase.value === null) return <p>{t("The case has errors. Mend them first: they are listed below.")}</p>;
  return <p>{t("This case has not been run yet.")}</p>;
}
