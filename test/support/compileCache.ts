import { mkdirSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

/**
 * Where node keeps the compiled modules of all that the tests start. The folder is the user's own, and node checks what it
 * reads there against the code.
 */
export function compileCache(): string {
  const folder = join(tmpdir(), `yandex-ai-access-compiled-${userInfo().username}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}
