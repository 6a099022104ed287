import { chmodSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { closeFolder } from "../../commands/stack/fileModes";
import { openWorkspace } from "../../commands/stack/workspace";
import { temporaryFolder } from "../support/folder";

describe("the working folder", () => {
  it("is closed to other users, although it was copied with wider rights", () => {
    using clone = temporaryFolder();
    const work = join(clone.path, ".work");
    mkdirSync(work);
    chmodSync(work, 0o755);

    const { readers } = openWorkspace(clone.path);

    expect([readers, statSync(work).mode & 0o777]).toEqual(["only you", 0o700]);
  });

  it("is said to be open where the drive ignores rights, or where they cannot be changed", () => {
    const ignoring = { chmodSync: () => {}, statSync: () => ({ mode: 0o40777 }) };
    const refusing = {
      ...ignoring,
      chmodSync: () => {
        throw new Error("EPERM");
      },
    };

    expect(closeFolder("/work", "linux", ignoring)).toBe("others");
    expect(closeFolder("/work", "linux", refusing)).toBe("others");
    expect(closeFolder("/work", "win32", ignoring)).toBe("not known");
  });
});
