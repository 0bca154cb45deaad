import type { Project, RepositoryReader } from "../schema/adapter-port.ts";
import { labelAmong } from "../schema/checked-project.ts";
import { OrchestratorError } from "../schema/errors.ts";
import { type PipelineCommand, PipelineSpec } from "../schema/pipeline.ts";

/**
 * The queue with a command of its own for each project that has a check, where several have it, so that each has its own result, output and
 * tries on record. A check that names its project stays as it is.
 */
export async function expandChecks(
  spec: PipelineSpec,
  projects: readonly Project[],
  reader: RepositoryReader,
): Promise<PipelineSpec> {
  const taken = new Set(spec.commands.map(({ name }) => name));
  const commands: PipelineCommand[] = [];
  for (const command of spec.commands) commands.push(...(await expandOne(command, projects, reader, taken)));
  const parsed = PipelineSpec.safeParse({ ...spec, commands });
  if (parsed.success) return parsed.data;
  const why = parsed.error.issues[0]?.message ?? "";
  throw new OrchestratorError("usage", `the pipeline ${spec.name} does not fit all projects: ${why}`);
}

async function expandOne(
  command: PipelineCommand,
  projects: readonly Project[],
  reader: RepositoryReader,
  taken: Set<string>,
): Promise<readonly PipelineCommand[]> {
  const { check, project } = command;
  if (check === undefined || project !== undefined) return [command];
  const able: Project[] = [];
  for (const each of projects) if ((await each.adapter.plan(reader, check, "/reports")) !== null) able.push(each);
  if (able.length < 2) return [command];
  const places = able.map(({ root, adapter }) => ({ root, adapter: adapter.id }));
  return places.map((place, index) => {
    const { adapter } = labelAmong(place, places);
    const name = index === 0 ? command.name : freeName(`${command.name}-${place.root}-${adapter ?? ""}`, taken);
    return { ...command, name, project: place.root, ...(adapter === undefined ? {} : { adapter }) };
  });
}

/** `test` in `services/api` becomes `test-services-api`. */
function freeName(text: string, taken: Set<string>): string {
  const base = text
    .replaceAll(/[^A-Za-z0-9]+/g, "-")
    .slice(0, 80)
    .replaceAll(/^-+|-+$/g, "");
  let name = base;
  for (let count = 2; taken.has(name); count += 1) name = `${base}-${count}`;
  taken.add(name);
  return name;
}
