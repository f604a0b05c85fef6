// What a number says as it is stated: how far it was rounded.

const STATED = /^([-\u2212]?)(\d[\d,]*(?:\.\d+)?)(?:e([-+]?\d+))?\s*([^\d\s,.].*)?$/i;
const MOST = 0.05; // of a whole number that ends in zeros

/** Return half a unit of the last digit of an amount, with its unit: "0.05 %" for "8.3 %". Zeros at the end of a whole number are taken as rounded, up to a twentieth of it. Empty if it is no amount. */
export function halfUnit(amount: string): string {
  const [, , digits = "", exponent = "0", unit = ""] = STATED.exec(amount) ?? [];
  if (digits === "") return "";
  const plain = digits.replaceAll(",", "");
  const [whole = "", decimals] = plain.split(".");
  const zeros = Number(whole) === 0 ? 0 : whole.length - whole.replace(/0+$/, "").length;
  const half = decimals === undefined ? Math.max(0.5, Math.min(0.5 * 10 ** zeros, MOST * Number(whole))) : 0.5 * 10 ** -decimals.length;
  return `${Number((half * 10 ** Number(exponent)).toPrecision(12))} ${unit}`.trim();
}

/** Return the difference of a term from an amount, in the test language. */
export function difference(term: string, amount: string): string {
  const size = amount.replace(/^[-\u2212]/, "");
  return size === amount ? `${term} - ${amount}` : `${term} + ${size}`;
}
