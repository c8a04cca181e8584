import { Layer } from "effect"
import * as AutoDriver from "../src/Table/AutoDriver.ts"
import * as NodeSqlite from "../src/Table/NodeSqlite.ts"
import { suite } from "./contract/TableContract.ts"

// The driver sluice itself chooses here, and node:sqlite beside it wherever the runtime has one.
suite("the runtime's driver", AutoDriver.layer)

if (process.getBuiltinModule("node:sqlite") !== undefined) suite("node:sqlite", Layer.fresh(NodeSqlite.layerDriver))
