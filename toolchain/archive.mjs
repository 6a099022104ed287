import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { pack as openTar } from "tar-stream";

/** A .tar.gz of files with `name`, `mode` and `content`: the same bytes for the same files, wherever and whenever. */
export async function makeArchive(files) {
  const tar = openTar();
  for (const { name, mode, content } of files) {
    tar.entry({ name, mode, mtime: new Date(0), uid: 0, gid: 0, uname: "root", gname: "root" }, content);
  }
  tar.finalize();
  const archive = gzipSync(await buffer(tar), { level: 9 });
  // The operating system that packed it; 255 is "unknown".
  archive[9] = 255;
  return archive;
}
