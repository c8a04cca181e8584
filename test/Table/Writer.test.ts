import { Layer } from "effect"
import * as AutoDriver from "../../src/Table/AutoDriver.ts"
import * as NodeSqlite from "../../src/Table/NodeSqlite.ts"
import { suite } from "../contract/DispositionContract.ts"

suite("the runtime's driver", AutoDriver.layer)

if (process.getBuiltinModule("node:sqlite") !== undefined) suite("node:sqlite", Layer.fresh(NodeSqlite.layerDriver))
