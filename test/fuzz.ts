/**
 * How long the properties run: short by themselves, long by `npm run fuzz`, which sets a multiple.
 */
const times = Number(process.env["SLUICE_FUZZ_RUNS"] ?? 1)

if (!Number.isFinite(times) || times <= 0)
  throw new Error("SLUICE_FUZZ_RUNS is how many times as long to run, such as 50")

export const runs = (count: number): number => Math.ceil(count * times)
