import type { State } from "../../store/state";
import { textOfFile } from "./files";
import type { StoreFile } from "./vectorStoreFiles";

/** How many characters of a file make one piece. */
const pieceLength = 800;

/** The pieces of files with the most words of the query; the score is the share of its words that a piece holds. */
export function searchFiles(state: State, files: Readonly<StoreFile>[], query: string, most: number) {
  const words = [...new Set(wordsOf(query))];
  const found = files.flatMap((file) =>
    piecesOf(textOfFile(state, file.fileId)).map((text) => {
      const held = new Set(wordsOf(text));
      const score = words.filter((word) => held.has(word)).length / Math.max(1, words.length);
      const { fileId: file_id, filename, attributes } = file;
      return { file_id, filename, score, attributes, content: [{ type: "text", text }] };
    }),
  );
  return found
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score)
    .slice(0, most);
}

const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

const piecesOf = (text: string): string[] =>
  Array.from({ length: Math.ceil(text.length / pieceLength) }, (_, position) =>
    text.slice(position * pieceLength, (position + 1) * pieceLength),
  );
