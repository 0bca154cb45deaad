/** The last name of a receiver that is taken for the event bus. */
export const eventBusNames: readonly string[] = ["bus", "eventBus", "events"];
