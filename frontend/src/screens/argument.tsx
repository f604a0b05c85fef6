import { useEffect } from "preact/hooks";
import { view } from "../state";
import { t } from "../words";
import { AboutCase } from "./argument/about";
import { ArticlePart } from "./argument/article";
import { Claims } from "./argument/claims";
import { claimsOf } from "./argument/data";
import { readArgument, readHanded } from "./argument/requests";

/** The article's sentences, and the claims made of them. It shows a case with errors too: here they are mended. */
export function Argument() {
  const now = view.value;
  useEffect(() => {
    if (now !== null) void readArgument();
  }, [now?.version]);
  useEffect(() => {
    if (now !== null) void readHanded(now);
  }, [now?.file]);
  if (now === null) return <p role="status">{t("The case is being read …")}</p>;
  if (now.data === null) return <p>{t("The case has errors. Correct them first: they are listed below.")}</p>;
  const claims = claimsOf(now.data);
  return (
    <>
      <AboutCase claims={claims} />
      <div class="argument">
        <ArticlePart claims={claims} />
        <Claims claims={claims} />
      </div>
    </>
  );
}
