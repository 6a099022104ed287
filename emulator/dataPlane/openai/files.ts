import { refuse } from "../../status";
import type { State } from "../../store/state";
import { authorize } from "../authorization";
import type { AiRequest, AiRoute } from "../routes";
import { invalid } from "./bodies";
import { listAnswer } from "./lists";
import { createObject, findObject, type Kind, objectRoutes, objectsOf, requireObject } from "./objects";

const kind: Kind = {
  path: "/v1/files",
  table: "files",
  noun: "File",
  capability: "files",
  idPrefix: "file",
  deleted: "file",
};

const purposes = ["assistants", "batch", "fine-tune", "vision", "user_data", "evals"];

/** Contents that are kept; of a larger file only name and size are. */
const longestContent = 1024 * 1024;

/** Characters of base64 of all contents together; beyond that those of the oldest files go. */
const mostContents = 64 * 1024 * 1024;

interface Content {
  /** That of the file. */
  id: string;
  type: string;
  /** Base64. */
  data: string;
}

const contents = (state: State) => state.tables.table<Content>("fileContents");

/** A file of the folder, by its id. */
export const findFile = (state: State, folderId: string, id: string) => findObject(state, kind, folderId, id);

/** The text of a file; empty if its content was too large to be kept. */
export const textOfFile = (state: State, id: string): string =>
  Buffer.from(contents(state).get(id)?.data ?? "", "base64").toString();

export function fileRoutes(state: State): AiRoute[] {
  return [
    {
      route: `POST ${kind.path}`,
      async answer(request) {
        const { folderId } = authorize(state, request.call, kind.capability, []);
        const { fields, data, type } = await readForm(request);
        const { id, shown } = createObject(state, kind, request.call, folderId, fields);
        if (data.length <= longestContent) keepContent(state, { id, type, data: data.toString("base64") });
        return { json: shown };
      },
    },
    {
      route: `GET ${kind.path}`,
      answer({ call, query }) {
        const { folderId } = authorize(state, call, kind.capability, []);
        const purpose = query.get("purpose");
        const shown = objectsOf(state, kind, folderId).map((file) => file.shown);
        return listAnswer(
          query,
          shown.filter((file) => !purpose || file["purpose"] === purpose),
        );
      },
    },
    ...objectRoutes(state, kind, ({ id }) => contents(state).remove(id)),
    {
      route: `GET ${kind.path}/{id}/content`,
      answer(request) {
        const { id } = requireObject(state, kind, request);
        const content = contents(state).get(id);
        if (!content)
          return refuse("FAILED_PRECONDITION", `The local cloud keeps contents of at most ${longestContent} bytes`);
        return { bytes: Buffer.from(content.data, "base64"), type: content.type };
      },
    },
  ];
}

function keepContent(state: State, content: Content): void {
  const table = contents(state);
  table.put(content.id, content);
  let total = 0;
  for (const { data } of table.values()) total += data.length;
  for (const { id, data } of [...table.values()]) {
    if (total <= mostContents) break;
    table.remove(id);
    total -= data.length;
  }
}

/** A form with the file and its purpose. */
async function readForm({ bytes, headers }: AiRequest): Promise<{ fields: object; data: Buffer; type: string }> {
  const form = await new Response(new Uint8Array(bytes), { headers: { "content-type": headers["content-type"] ?? "" } })
    .formData()
    .catch(() => refuse("INVALID_ARGUMENT", "The request is not a form"));
  const [file, purpose] = [form.get("file"), form.get("purpose")];
  if (!(file instanceof File)) return invalid("file", "is required");
  if (typeof purpose !== "string" || !purposes.includes(purpose))
    return invalid("purpose", `must be one of ${purposes.join(", ")}`);
  const fields = { object: "file", filename: file.name, bytes: file.size, purpose, status: "processed" };
  return { fields, data: Buffer.from(await file.arrayBuffer()), type: file.type || "application/octet-stream" };
}
