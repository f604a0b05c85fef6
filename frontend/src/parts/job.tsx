import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { type JobKind, stopJob } from "../api";
import { progress } from "../run";
import { t, word } from "../words";
import { Told } from "./told";

const NAMES: Record<JobKind, string> = {
  assess: word("The case is run: {stage}"),
  compare: word("Items are compared: {stage}"),
  challenge: word("Claims are challenged: {stage}"),
  verify: word("A run is verified: {stage}"),
  download: word("Data sets are downloaded: {stage}"),
};

/** The work under way, of whatever kind, with a button that stops it; else what starts work of this kind, and why the last failed. */
export function Job({ kind, children }: { kind: JobKind; children?: ComponentChildren }) {
  const now = progress.value;
  const place = useRef<HTMLDivElement>(null);
  const before = useRef(now?.running);
  useLayoutEffect(() => {
    // the button that had the focus has gone: the focus stays here
    if (before.current !== now?.running && document.activeElement === document.body) place.current?.focus({ preventScroll: true });
    before.current = now?.running;
  }, [now?.running]);
  return (
    <div class="run" ref={place} tabIndex={-1}>
      {now?.running && now.job !== "" ? (
        <>
          <label>
            {t(NAMES[now.job], { stage: now.stage })} <progress max={1} value={now.done} />
          </label>{" "}
          {now.left !== null && now.left >= 1 && <span class="small">{t("about {time} left in this step", { time: time(now.left) })}</span>}{" "}
          <button type="button" onClick={() => void stopJob()}>{t("Stop")}</button>
        </>
      ) : children}
      {now?.message && now.job === kind && (
        <p class="banner refused" role="alert">
          <Told of={now} />
        </p>
      )}
    </div>
  );
}

function time(seconds: number): string {
  return seconds < 90 ? t("{seconds} s", { seconds: Math.ceil(seconds) }) : t("{minutes} min", { minutes: Math.round(seconds / 60) });
}
