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

/** A text with moments in place of its `{day}` and its `{later}`. */
export function Dated({ text, moment, later = "" }: { text: string; moment: string; later?: string }) {
  return <>{text.split(/(\{day\}|\{later\})/).map((part) => (part === "{day}" ? <Moment of={moment} /> : part === "{later}" ? <Moment of={later} /> : part))}</>;
}
