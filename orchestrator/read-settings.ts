import { Settings } from "./schema/config.ts";
import { OrchestratorError } from "./schema/errors.ts";

/** Settings from one place. The last layer that names a setting wins. */
export interface SettingsLayer {
  readonly values: Readonly<Partial<Record<string, unknown>>>;
  /** How a user knows one of them there: a flag, a variable, an option. */
  nameOf(setting: string): string;
}

/** The settings of all layers together, with defaults. Throws `usage` naming the place of each that does not fit. */
export function readSettings(layers: readonly SettingsLayer[]): Settings {
  const parsed = Settings.safeParse(Object.assign({}, ...layers.map(({ values }) => values)));
  if (parsed.success) return refuseHastyTakeover(layers, parsed.data);
  const problems = parsed.error.issues.flatMap((issue) => {
    const settings = issue.code === "unrecognized_keys" ? issue.keys : [String(issue.path[0] ?? "")];
    const inside = issue.path.slice(1).map((part) => `.${String(part)}`);
    return settings.map((name) => `${placeOf(layers, name)}${inside.join("")}: ${issue.message}`);
  });
  throw new OrchestratorError("usage", `a setting does not fit: ${problems.join("; ")}`);
}

/** A holder that missed one beat may well be alive. */
const beatsMissedMin = 2;

function refuseHastyTakeover(layers: readonly SettingsLayer[], settings: Settings): Settings {
  const { heartbeat_interval_seconds: interval, heartbeat_stale_after_seconds: stale } = settings;
  if (stale >= interval * beatsMissedMin) return settings;
  const place = placeOf(layers, "heartbeat_stale_after_seconds");
  throw new OrchestratorError(
    "usage",
    `a setting does not fit: ${place}: ${stale} seconds are under ${beatsMissedMin} heartbeats of ${interval} seconds, so a live run would be taken over; give at least ${interval * beatsMissedMin}`,
  );
}

function placeOf(layers: readonly SettingsLayer[], setting: string): string {
  return layers.findLast(({ values }) => setting in values)?.nameOf(setting) ?? setting;
}
