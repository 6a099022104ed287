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
}

export const APPLICATION = "yandex-aistudio:index:AiStudioAccess";
const STACK = "urn:pulumi:dev::shop::";

const token = (type: string) =>
  type.includes(":") ? type : `yandex:index/${type.charAt(0).toLowerCase()}${type.slice(1)}:${type}`;

/** A preview as `pulumi preview --json --show-sames` prints it, with these resources in it. */
export function digestOf(resources: Described[], rest: object = {}): string {
  const steps = resources.map(({ op, type, name, application, before, after, id, changed, forcing }) => {
    const parent = application === undefined ? undefined : `${STACK}${APPLICATION}::${application}`;
    const urn = `${STACK}${parent ? `${APPLICATION}$` : ""}${token(type)}::${name}`;
    const state = (inputs: object) => ({ urn, type: token(type), id, parent, inputs, outputs: inputs });
    return {
      op,
      urn,
      ...(before && { oldState: state(before) }),
      ...(after && { newState: state(after) }),
      ...(changed && { diffReasons: changed, detailedDiff: Object.fromEntries(changed.map((each) => [each, {}])) }),
      ...(forcing && { replaceReasons: forcing }),
    };
  });
  return JSON.stringify({ steps, ...rest });
}
