// The roles of actors in the theatres of the case file.
import { mappingAt, namesAt, textAt } from "../parts/written";
import { word } from "../words";

export type Role = "challenger" | "target" | "protectors" | "backers";
export const ROLES: [Role, string][] = [
  ["challenger", word("Challenger")],
  ["target", word("Target")],
  ["protectors", word("Protector")],
  ["backers", word("Backer")],
];
export const SIDES: ["protectors" | "backers", string][] = [
  ["protectors", word("Who may defend the target, in the order in which they decide")],
  ["backers", word("Who may support the challenger, in the order in which they decide")],
];

/** The theatres that have roles of their own, not those of another theatre on an earlier day. */
export const theatres = (): string[] => Object.keys(mappingAt("theatres")).filter((key) => textAt("theatres", key, "like") === "");

/** The roles of an actor, each with its theatre. */
export function rolesOf(actor: string): [theatre: string, role: string][] {
  return theatres().flatMap((theatre) =>
    ROLES.filter(([role]) => namesAt("theatres", theatre, role).includes(actor)).map(([, name]): [string, string] => [theatre, name]),
  );
}

/** The actors of the case with their names. */
export const actorOptions = (): [string, string][] => Object.keys(mappingAt("actors")).map((key) => [key, nameOf(key)]);

/** The name of an actor; its key if it has none. */
export const nameOf = (actor: string): string => textAt("actors", actor, "name") || actor;
