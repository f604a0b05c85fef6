import type { ComponentChildren } from "preact";
import type { Case } from "../api";
import { theCase, view } from "../state";
import { t } from "../words";

/** What a screen shows of the case; while it is read, or if it has errors, that. */
export function OfCase({ show }: { show: (of: Case) => ComponentChildren }) {
  if (theCase.value !== null) return <>{show(theCase.value)}</>;
  if (view.value === null) return <p role="status">{t("The case is being read …")}</p>;
  return <p>{t("The case has errors. Correct them first: they are listed below.")}</p>;
}

/** What a screen shows of the case file itself, also while the case has errors, so that they can be mended here. */
export function OfFile({ show }: { show: () => ComponentChildren }) {
  if (view.value?.data) return <>{show()}</>;
  return <OfCase show={() => null} />;
}
