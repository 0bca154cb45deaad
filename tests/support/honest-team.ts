import { z } from "zod";
import { ManagerInput, PlannerInput, TesterInput } from "../../orchestrator/schema/handoff.ts";
import type { Plan } from "../../orchestrator/schema/plan.ts";
import { type Role } from "../../orchestrator/schema/primitives.ts";
import { call, inTurns, type Script, say } from "./model-server.ts";
