// The article of a new case on its way through the loading of that case: it stays in this window and goes with it.
const KEY = "tocsin_article";

/** A pasted text, or the name of a file with its bytes in base64. */
export type Handed = { text: string } | { file: string; name: string };

/** Hand an article to the case that was made of it. A window that has no room for it does not keep it: the reader can bring it again. */
export function handOver(to: string, article: Handed): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ to, article }));
  } catch {
    sessionStorage.removeItem(KEY);
  }
}

/** Return the article that was handed to a case, if one was. */
export function handedTo(file: string): Handed | null {
  const { to, article } = JSON.parse(sessionStorage.getItem(KEY) ?? "{}") as { to?: string; article?: Handed };
  return to === file ? article ?? null : null;
}
