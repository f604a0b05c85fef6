import { OfCase } from "../parts/unread";
import { t } from "../words";

/** The verdicts of the last run. */
export function Verdicts() {
  return <OfCase show={() => <p>{t("This case has not been run yet.")}</p>} />;
}
