import type { SeedModule } from "../seed-module.ts";
import { assistant } from "./assistant.ts";
import { core } from "./core.ts";
import { orchestration } from "./orchestration.ts";

/** In the order in which they are loaded; core is first. */
export const SEED_MODULES: readonly SeedModule[] = [core, assistant, orchestration];
