/** A request as the server saw it. */
export interface Request {
  readonly method: string
  readonly path: string
  readonly query: ReadonlyArray<readonly [name: string, value: string]>
  readonly headers: Readonly<Record<string, string>>
  readonly body?: unknown
}

export interface Table {
  readonly columns: Readonly<Record<string, string>>
  readonly rows?: ReadonlyArray<unknown>
  readonly parent?: string
  readonly orphans?: ReadonlyArray<unknown>
}

export interface Load {
  readonly outcome: string
  readonly error?: string
  readonly requests: ReadonlyArray<Request>
  readonly tables: Readonly<Record<string, Table>>
}

export const differences: (
  golden: Load,
  ours: Load,
  options?: { readonly load?: number; readonly unordered?: boolean }
) => ReadonlyArray<string>

export const against: (
  found: ReadonlyArray<string>,
  declared: ReadonlyArray<string>
) => { readonly undeclared: ReadonlyArray<string>; readonly vanished: ReadonlyArray<string> }
