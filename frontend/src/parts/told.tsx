/** A text in which backticks mark what stands in files or is typed. */
export function Prose({ text }: { text: string }) {
  return <>{text.split("`").map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part))}</>;
}

/** What is wrong, and the remedy if there is one. */
export function Told({ of: { message, remedy } }: { of: { message?: string; remedy?: string | null } }) {
  return <><Prose text={message ?? ""} />{remedy && <span class="remedy"> <Prose text={remedy} /></span>}</>;
}
