import { withShortTraces } from "../../components/shortTraces";
import { access } from "../support/access";
import { startCloud } from "../support/cloud";
import { startStack } from "../support/stack";
import { openState, type StateResource } from "../support/state";

interface Traced extends StateResource {
  stackTrace?: { sourcePosition?: string }[];
}

describe("the calls that led to a resource", () => {
  it("are in the state with the application, and with its account and roles the nearest two alone", async () => {
    await using cloud = await startCloud();
    await using stack = await startStack(cloud, access());
    await stack.up();

    const resources = (await openState(stack.folder, "shop", "dev").resources()) as Traced[];
    const tracesOf = (type: RegExp) =>
      resources.filter((each) => type.test(each.type)).map(({ stackTrace = [] }) => stackTrace);

    const [application = []] = tracesOf(/:AiStudioAccess$/);
    expect(application.map(({ sourcePosition }) => sourcePosition)).toContainEqual(
      expect.stringMatching(/test\/support\/access\.ts#/),
    );
    const children = tracesOf(/:IamServiceAccount$|:ResourcemanagerFolderIamMember$/);
    expect(children).toHaveLength(2);
    for (const trace of children) expect(trace).toHaveLength(2);
  });

  it("are all shown again afterwards, also after an error", () => {
    const countCalls = () => new Error("deep").stack?.split("\n").length;
    const deep = (calls: number): number | undefined => (calls > 0 ? deep(calls - 1) : countCalls());
    const fail = () => {
      throw new Error("no");
    };

    expect(withShortTraces(() => deep(20))).toBe(1 + 7);
    expect(() => withShortTraces(fail)).toThrow("no");
    expect(deep(20)).toBeGreaterThan(20);
  });
});
