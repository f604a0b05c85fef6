import { t } from "../../words";
import { stopWork } from "./requests";
import { work } from "./state";
import { Told } from "../../parts/told";

/** How far a piece of work is, with a button that stops it, or why it failed. */
export function WorkProgress({ task, says }: { task: "week" | "learn"; says: (stage: string) => string }) {
  const now = work.value;
  if (now.task !== task) return null;
  if (now.stage !== undefined) {
    return (
      <p>
        <label>{says(now.stage)} <progress max={1} value={now.done ?? 0} /></label>{" "}
        <button type="button" onClick={() => void stopWork()}>{t("Stop")}</button>
      </p>
    );
  }
  if (now.message === undefined) return null;
  return <p class="banner refused" role="alert"><Told of={now} /></p>;
}
