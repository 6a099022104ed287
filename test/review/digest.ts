/** What a test says of one resource in a preview; the rest of a step follows from it. */
export interface Described {
  op: string;
  /** Type token, after `yandex:index/` unless it is whole. */
  type: string;
  name: string;
  /** Name of the application it belongs to. */
  application?: string;
  before?: object;
  after?: object;
  id?: string;
  changed?: string[];
  forcing?: string[];
  /**
   * By property, the account of the same application from which the program made its value, by its name; another resource
   * as `shop of LockboxSecret`.
   */
  madeFrom?: Record<string, string>;
  /** `protect`, `retainOnDelete` of the old and of the new state. */
  options?: { before?: object; after?: object };
  /** Type of a component above the application. */
  below?: string;
}

/** What the engine writes for a value that it knows only after the update. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export const APPLICATION = "yandex-aistudio:index:AiStudioAccess";
const STACK = "urn:pulumi:dev::shop::";

const token = (type: string) =>
  type.includes(":") ? type : `yandex:index/${type.charAt(0).toLowerCase()}${type.slice(1)}:${type}`;

/** A preview as `pulumi preview --json --show-sames` prints it, with these resources in it. */
export function digestOf(resources: Described[], rest: object = {}): string {
  const steps = resources.map((each) => {
    const { op, type, name, application, before, after, id, changed, forcing, madeFrom = {}, options, below } = each;
    const team = below === undefined ? "" : `${below}$`;
    const parent = application === undefined ? undefined : `${STACK}${team}${APPLICATION}::${application}`;
    const urnOf = (own: string, its: string) =>
      `${STACK}${team}${parent ? `${APPLICATION}$` : ""}${token(own)}::${its}`;
    const urn = urnOf(type, name);
    const propertyDependencies = Object.fromEntries(
      Object.entries(madeFrom).map(([property, source]) => {
        const [its = "", type = "IamServiceAccount"] = source.split(" of ");
        return [property, [urnOf(type, its)]];
      }),
    );
    const state = { urn, type: token(type), parent, propertyDependencies };
    return {
      op,
      urn,
      // As the engine does: only the state before has an ID and outputs.
      ...(before && { oldState: { ...state, id, inputs: before, outputs: before, ...options?.before } }),
      ...(after && { newState: { ...state, inputs: after, ...options?.after } }),
      ...(changed && { diffReasons: changed, detailedDiff: Object.fromEntries(changed.map((key) => [key, {}])) }),
      ...(forcing && { replaceReasons: forcing }),
    };
  });
  return JSON.stringify({ steps, ...rest });
}
