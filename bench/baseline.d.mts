export interface Gate {
  readonly id: string
  readonly value: number
  readonly better: "more" | "less"
}

export interface Result {
  readonly gates?: ReadonlyArray<Gate>
}

export const fallen: (
  results: ReadonlyArray<Result>,
  baseline: Readonly<Record<string, number>>,
  all: boolean
) => ReadonlyArray<string>
