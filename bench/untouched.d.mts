export const digests: (file: string) => Readonly<Record<string, string>>

export const changedSince: (before: Readonly<Record<string, string>>, file: string) => ReadonlyArray<string>
