// Moments, which the server sends in UTC ("2026-11-30T02:15Z"), in the reader's language and time zone.

type Style = Intl.DateTimeFormatOptions;
const SHORT: Style = { dateStyle: "medium", timeStyle: "short" };
const WITH_ZONE: Style = { dateStyle: "long", timeStyle: "long" };

function written(moment: string, style: Style): string {
  const { lang } = document.documentElement;
  const locale = lang === "en" ? "en-GB" : lang; // the day before the month, as in all English texts of the program
  return moment === "" ? "" : new Intl.DateTimeFormat(locale, style).format(new Date(moment));
}

/** Return a moment for a text that holds no elements, such as an option; empty if it is not known. */
export const localTime = (moment: string): string => written(moment, SHORT);

/** A moment, whose title names the time zone; nothing if it is not known. */
export function Moment({ of }: { of: string }) {
  return of === "" ? null : <time dateTime={of} title={written(of, WITH_ZONE)}>{localTime(of)}</time>;
}

/** A text with a moment in place of its `{day}`. */
export function Dated({ text, moment }: { text: string; moment: string }) {
  const [before, after = ""] = text.split("{day}");
  return <>{before}<Moment of={moment} />{after}</>;
}
