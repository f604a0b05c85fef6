import type { Problem } from "../api";
import { jumpTo } from "../jump";
import { view } from "../state";
import { t } from "../words";
import { Told } from "./told";

/** Errors and notices of the case, each with its place, its remedy and a jump. */
export function Problems() {
  if (view.value === null) return null;
  const { problems, notices } = view.value;
  if (problems.length + notices.length === 0) return <aside aria-label={t("Problems")}><p>{t("No problems.")}</p></aside>;
  return (
    <aside aria-label={t("Problems")}>
      <details open={problems.length > 0}>
        <summary>{t("Errors: {errors}, notices: {notices}", { errors: problems.length, notices: notices.length })}</summary>
        <ul>
          {problems.map((item, index) => <Item key={`e${index}`} item={item} error />)}
          {notices.map((item, index) => <Item key={`n${index}`} item={item} error={false} />)}
        </ul>
      </details>
    </aside>
  );
}

function Item({ item, error }: { item: Problem; error: boolean }) {
  const place = [item.file, item.line].filter((part) => part !== null).join(":");
  return (
    <li class={error ? "error" : "notice"}>
      <strong>{error ? t("Error") : t("Notice")}</strong>{" "}
      {item.line !== null && item.file?.endsWith(".yaml") ? (
        <button type="button" class="link" onClick={() => jumpTo(item.line ?? 1)}>{place}</button>
      ) : place}{" "}
      <Told of={item} />
    </li>
  );
}
