import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Where the component's arguments and outputs are declared. */
const files = ["arguments.ts", "rotation.ts", "AiStudioAccess.ts"].map((name) => join("components", name));

/**
 * The sentences above interfaces, classes and their members, by name and member; those of the interface or class itself
 * are under "". A default follows its sentences.
 */
export async function readSentences(root) {
  const { default: ts } = await import("typescript");
  const sentences = {};
  for (const name of files) {
    const file = ts.createSourceFile(name, readFileSync(join(root, name), "utf8"), ts.ScriptTarget.Latest, true);
    file.forEachChild((node) => {
      if (!ts.isInterfaceDeclaration(node) && !ts.isClassDeclaration(node)) return;
      const members = node.members.filter((member) => member.name);
      sentences[node.name.text] = Object.fromEntries([
        ["", sentenceOf(ts, node)],
        ...members.map((member) => [member.name.getText(file), sentenceOf(ts, member)]),
      ]);
    });
  }
  return sentences;
}

function sentenceOf(ts, node) {
  const [comment] = ts.getJSDocCommentsAndTags(node);
  if (!comment) return undefined;
  const plain = (text) => ts.getTextOfJSDocComment(text)?.replaceAll(/\s*\n\s*/g, " ");
  const standard = comment.tags?.find((tag) => tag.tagName.text === "default");
  const parts = [plain(comment.comment), standard && `Default: ${plain(standard.comment)}.`].filter(Boolean);
  return parts.join(" ") || undefined;
}
