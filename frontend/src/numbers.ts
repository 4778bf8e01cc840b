// Numbers in readers' words; the same rules as parley.site.render.formats.

const grouped = (whole: number): string => Math.round(whole).toString().replace(/\B(?=(\d{3})+$)/g, ",");

export function number(value: number, digits = 3): string {
  if (value === 0) return "0";
  const size = Math.abs(value);
  const sign = value < 0 ? "\u2212" : "";
  if (size >= 10 ** digits) return sign + grouped(size);
  const text = size.toPrecision(digits);
  if (size < 1e-4) return sign + Number(text).toExponential().replace(/e-(\d)$/, "e-0$1");
  return sign + String(Number(text));
}

export function percent(value: number): string {
  return `${number(100 * value)}%`;
}

export function chance(value: number): string {
  if (!(value >= 1e-6 && value < 1)) return percent(value);
  let [top, below] = [1, 2];
  const worse = (a: number, b: number): boolean => Math.abs(a / b - value) < Math.abs(top / below - value) - 1e-15;
  for (let b = 2; b <= 10; b++) for (let a = 1; a < b; a++) if (worse(a, b)) [top, below] = [a, b];
  if (value < 0.1) [top, below] = [1, Math.round(1 / value)];
  const near = Math.abs(top / below - value) <= 0.03 * Math.max(value, 0.1);
  return near ? `${percent(value)}, ${top} in ${grouped(below)}` : percent(value);
}
