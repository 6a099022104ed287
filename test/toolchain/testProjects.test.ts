import { globSync } from "node:fs";
import { join } from "node:path";
// @ts-expect-error It is JavaScript, because the configuration of jest is.
import { testProjects } from "../../toolchain/testProjects.js";

const root = join(__dirname, "../..");
const { quick, engine } = testProjects(root) as Record<"quick" | "engine", string[]>;

describe("the test projects", () => {
  it("run each test file once", () => {
    const all = globSync(["test/**/*.test.ts", "examples/**/*.test.ts"], { cwd: root });
    expect([...quick, ...engine].sort()).toEqual(all.sort());
  });

  it.each([
    ["through the support for stacks", "test/provider/contract/options.test.ts"],
    ["through two other files", "test/workflows/team.test.ts"],
    ["itself", "test/toolchain/pulumi.test.ts"],
    ["with the compiler", "test/toolchain/testProjects.test.ts"],
  ])("keep a file that starts processes %s out of `quick`", (_, file) => {
    expect(engine).toContain(file);
  });

  it.each(["test/components/rotation.test.ts", "test/emulator/services/apiKeys.test.ts"])(
    "run %s in `quick`",
    (file) => {
      expect(quick).toContain(file);
    },
  );
});
