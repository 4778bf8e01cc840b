// The packed sweep of an assumption; its layout is told in parley.site.model.strip.

export interface Sweep {
  values: readonly number[];
  policies: number;
  recommended: number;
  against: number | null;  // whom the recommended policy is held against; null: all others
  at(point: number): State;
}

export interface State { dots: number[][]; better: (number | null)[]; worse: (number | null)[]; best: (number | null)[] }

const HEAD = 40, NONE = 65535, FULL = 65534;

export function unpack(bytes: ArrayBuffer): Sweep {
  const view = new DataView(bytes);
  if (view.byteLength < HEAD || view.getUint32(0) !== 0x50535731) throw new Error("no packed sweep");
  const [points, policies, quantiles] = [view.getUint8(5), view.getUint8(6), view.getUint8(7)];
  const low = view.getFloat64(16, true), high = view.getFloat64(24, true);
  const values = Array.from({ length: points }, (_, at) => view.getFloat64(HEAD + 8 * at, true));
  const start = HEAD + 8 * points, cell = points * policies;
  if (view.byteLength !== start + 2 * cell * (quantiles + 4)) throw new Error("no whole sweep");
  const code = (index: number): number => view.getUint16(start + 2 * index, true);
  const share = (table: number, point: number, policy: number): number | null => {
    const found = code(cell * (quantiles + table) + point * policies + policy);
    return found === NONE ? null : found / FULL;
  };
  return {
    values,
    policies,
    recommended: view.getUint8(8),
    against: view.getUint8(14) === 255 ? null : view.getUint8(14),
    at(point: number): State {
      const each = Array.from({ length: policies }, (_, policy) => policy);
      return {
        dots: each.map((policy) => {
          const first = (point * policies + policy) * quantiles;
          const codes = Array.from({ length: quantiles }, (_, at) => code(first + at));
          return codes.filter((found) => found !== NONE).map((found) => low + (high - low) * found / FULL);
        }),
        better: each.map((policy) => share(1, point, policy)),
        worse: each.map((policy) => share(2, point, policy)),
        best: each.map((policy) => share(3, point, policy)),
      };
    },
  };
}

// The state at a value, between two points in proportion, quantile by quantile.
export function estimate(sweep: Sweep, value: number): State {
  const { values } = sweep;
  let right = values.findIndex((each) => each >= value);
  if (right < 0) right = values.length - 1;
  const left = Math.max(right - 1, 0);
  const [from, to] = [values[left] ?? 0, values[right] ?? 0];
  const part = to > from ? Math.min(Math.max((value - from) / (to - from), 0), 1) : 1;
  const a = sweep.at(left), b = sweep.at(right);
  const mix = (x: number | null | undefined, y: number | null | undefined): number | null =>
    x == null || y == null ? null : x + (y - x) * part;
  return {
    dots: b.dots.map((row, policy) => {
      const other = a.dots[policy] ?? [];
      return other.length === row.length ? row.map((dot, at) => mix(other[at], dot) ?? dot) : [];
    }),
    better: b.better.map((share, policy) => mix(a.better[policy], share)),
    worse: b.worse.map((share, policy) => mix(a.worse[policy], share)),
    best: b.best.map((share, policy) => mix(a.best[policy], share)),
  };
}
